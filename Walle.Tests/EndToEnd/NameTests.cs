using System.Text;
using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.V1;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd;

/// <summary>Names and metadata as long and as strange as the API server lets them be: all of them pass through names, labels, paths and tags of Walle's.</summary>
public sealed class NameTests : RestoreEndToEndTest
{
    /// <summary>Kubernetes' limit for all annotations of an object together is 256 KiB.</summary>
    private const int LargeAnnotation = 250_000;

    [Test]
    public async Task LongestNames_AndTheLargestMetadata_AreBackedUpAndRestored()
    {
        var claim = Longest("0claim");
        await CreateClaimAsync(claim, StorageNames.FileImmediate);
        await WriteAsync(claim, "head -c 100000 /dev/urandom > file; echo ünïcode > '☃ snow'");
        await AnnotateAsync(claim);
        await CreateSecretAsync();

        await BackUpAsync(Longest("1job"), claim);
        var restored = Longest("2restored");
        await RestoreAsync(Longest("3undo"), FromClaim(claim, restored, new NewClaim()));

        Assert.That(
            await Restore.ManifestOfFolderAsync(await Storage.VolumePathAsync(Namespace, restored)),
            Is.EqualTo(await Restore.ManifestOfFolderAsync(await Storage.VolumePathAsync(Namespace, claim))));
        await NothingIsLeftAsync();
    }

    [Test]
    public async Task LongestName_OfASchedule_RunsAndPrunes()
    {
        var claim = Longest("0claim");
        await CreateClaimAsync(claim, StorageNames.FileImmediate);
        await WriteAsync(claim, "echo content > file");
        await AnnotateAsync(claim);
        await CreateSecretAsync();
        // A name of the schedule's becomes a label and a part of its BackupJobs' names: the schema allows 63 characters.
        var schedule = Longest("4schedule")[..63];
        await CreateScheduleAsync(schedule, Yearly, $$""" "retention": {"keepLast": 1}, "prune": {"schedule": "{{Yearly}}"} """);
        for (var run = 0; run < 2; run++)
        {
            var asked = await RunNowAsync(schedule);
            var status = await WaitForScheduleAsync(schedule, found => found.LastRunNow == asked && HasEnded(found), "the run has not ended");
            Assert.That(status.LastRun!.Succeeded, Is.EqualTo(1));
        }

        await PatchScheduleAsync(schedule, $$"""{"metadata": {"annotations": {"{{WellKnown.PruneNowAnnotation}}": "{{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}}"} } }""");
        var pruned = await WaitForScheduleAsync(schedule, found => found.LastPrune is { FinishedAt: not null, ScheduledFor: not null }, "prune has not ended");
        Assert.That((pruned.LastPrune!.Result, pruned.LastPrune.Forgotten), Is.EqualTo(("Succeeded", (int?)1)), pruned.LastPrune.Message);
        await NothingIsLeftAsync();
    }

    private static string Longest(string start) => start + new string('n', 253 - start.Length);

    private async Task AnnotateAsync(string claim)
    {
        var text = new StringBuilder();
        while (text.Length < LargeAnnotation / 4)
            text.Append("ünïcode ☃ 𝔘 \\\" \\n ");
        var patch = KubernetesJson.Serialize(new V1PersistentVolumeClaim
        {
            Metadata = new V1ObjectMeta
            {
                Annotations = new Dictionary<string, string> { ["example.com/large"] = text.ToString() },
                Labels = new Dictionary<string, string> { [$"{Longest("p")[..253]}/{new string('k', 63)}"] = new string('v', 63) },
            },
        });
        await Kubernetes.CoreV1.PatchNamespacedPersistentVolumeClaimAsync(new V1Patch(patch, V1Patch.PatchType.MergePatch), claim, Namespace);
    }
}
