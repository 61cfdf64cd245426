using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Tests.EndToEnd.Schedules;
using Walle.Tests.Storage;

namespace Walle.Tests.Attacks;

/// <summary>A claim of another namespace, whatever a selector or a source says (reliability.md §8.2, S03).</summary>
public sealed class ForeignNamespaceTests : ScheduleEndToEndTest
{
    [Test]
    public async Task S03_ClaimsOfAnotherNamespace_AreNeitherSelectedNorBackedUp()
    {
        var foreign = $"foreign-{Namespace[^8..]}";
        await Kubernetes.CoreV1.CreateNamespacedPersistentVolumeClaimAsync(new V1PersistentVolumeClaim
        {
            Metadata = new V1ObjectMeta { Name = foreign, Labels = new Dictionary<string, string> { ["app"] = foreign } },
            Spec = new V1PersistentVolumeClaimSpec
            {
                StorageClassName = StorageNames.BlockImmediate, AccessModes = ["ReadWriteOnce"],
                Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new("64Mi") } },
            },
        }, "default");
        try
        {
            await CreateSecretAsync();
            await CreateClaimAsync("own");
            await CreateScheduleAsync("wide", Yearly, "\"selectors\": [{}]");
            await CreateScheduleAsync("named", Yearly, $"\"selectors\": [{{\"names\": [\"{foreign}\"]}}, {{\"labelSelector\": {{\"matchLabels\": {{\"app\": \"{foreign}\"}}}}}}]");
            var wide = await WaitForScheduleAsync("wide", status => status.Selected is { Count: > 0 }, "there is no preview");
            Assert.That(wide.Selected!.Select(source => source.Name), Is.EqualTo(new[] { "own" }));
            var named = await WaitForScheduleAsync("named", status => Condition(status, ConditionTypes.Ready)?.Reason == nameof(Reason.NothingSelected), "it does not say that it selects nothing");
            Assert.That(named.Selected ?? [], Has.None.Matches<Walle.Crds.V1.SelectedSource>(source => source.Name == foreign));
            await CreateBackupAsync("reach", foreign);
            await EndsWithAsync("reach", Reason.SourceNotFound, foreign);
        }
        finally
        {
            await Kubernetes.CoreV1.DeleteNamespacedPersistentVolumeClaimAsync(foreign, "default");
        }
    }
}
