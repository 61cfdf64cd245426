using k8s;
using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Tests.EndToEnd.Schedules;

/// <summary>What selectors mean, on a real API server: the preview in status.selected, of schedules that never run.</summary>
public sealed class SelectionTests : ScheduleEndToEndTest
{
    [Test]
    public async Task Preview_SaysWhatIsBackedUp_AndWhyNothingElse()
    {
        await SelectionInventory.CreateAsync(Kubernetes, Namespace);
        await Eventually(
            async () => (await Kubernetes.CoreV1.ListNamespacedPersistentVolumeClaimAsync(Namespace)).Items.Count(claim => claim.Status.Phase == "Bound") == SelectionInventory.BoundClaims,
            TimeSpan.FromMinutes(1), () => "the claims are not bound");
        Assert.That(SelectionCases.All, Has.Count.GreaterThanOrEqualTo(30));
        foreach (var (example, index) in SelectionCases.All.Select((example, index) => (example, index)))
            await CreateScheduleAsync($"case-{index}", Yearly, $"\"suspend\": true, \"selectors\": [{example.Selectors}]");

        await Assert.MultipleAsync(async () =>
        {
            foreach (var (example, index) in SelectionCases.All.Select((example, index) => (example, index)))
            {
                var status = await WaitForScheduleAsync($"case-{index}", status => status.Selected is not null, "nothing was selected", Soon);
                var selected = status.Selected!.Where(source => source.Reason is null).Select(Text);
                Assert.That(string.Join(' ', selected), Is.EqualTo(example.Selected), example.Name);
                var leftOut = status.Selected!.Where(source => source.Reason is not null).Select(source => $"{source.Name}: {source.Reason}").ToList();
                Assert.That(example.LeftOut.Split(", ", StringSplitOptions.RemoveEmptyEntries), Is.SubsetOf(leftOut), example.Name);
                Assert.That(leftOut, Has.None.Contain("walle-clone"), example.Name);
                Assert.That(Condition(status, ConditionTypes.Ready)?.Reason, Is.EqualTo(nameof(Reason.Suspended)), example.Name);
            }
        });
        Assert.That(await JobsOfAsync("case-0"), Is.Empty, "a preview backs up nothing");
    }

    [Test]
    public async Task Preview_FollowsWhatIsThere_AndNothingSelectedIsSaidAndGoesOn()
    {
        await CreateScheduleAsync("follows", Yearly, "\"selectors\": [{\"labelSelector\": {\"matchLabels\": {\"app\": \"late\"}}}]");
        var status = await WaitForScheduleAsync("follows", status => Condition(status, ConditionTypes.Ready) is not null, "not looked at", Soon);
        Assert.That(Condition(status, ConditionTypes.Ready), Is.EqualTo(Condition(status, ConditionTypes.Ready)! with { Status = "False", Reason = nameof(Reason.NothingSelected) }));
        await RunNowAsync("follows");
        status = await WaitForScheduleAsync("follows", HasEnded, "an empty run has not ended");
        Assert.That((status.LastRun!.Total, status.LastSuccessfulTime), Is.EqualTo(((int?)0, (DateTimeOffset?)null)), "nothing is no success");

        await CreateClaimAsync("late");
        await LabelClaimAsync("late", """{"metadata": {"labels": {"app": "late"} } }""");
        await WaitForScheduleAsync("follows", status => status.Selected?.Exists(source => source.Name == "late" && source.Reason is null) == true, "the new claim is not selected", Soon);
        await LabelClaimAsync("late", """{"metadata": {"annotations": {"ros.io/backup": "false"} } }""");
        await WaitForScheduleAsync("follows", status => status.Selected?.Exists(source => source.Name == "late" && source.Reason == nameof(Reason.OptedOut)) == true, "the claim is not opted out", Soon);
    }

    private async Task LabelClaimAsync(string name, string patch) =>
        await Kubernetes.CoreV1.PatchNamespacedPersistentVolumeClaimAsync(new k8s.Models.V1Patch(patch, k8s.Models.V1Patch.PatchType.MergePatch), name, Namespace);

    private static string Text(SelectedSource source) =>
        source.Kind == SourceKind.PersistentVolumeClaim ? $"{source.Kind}/{source.Name}" : $"{source.Kind}/{source.Name}[{string.Join(',', (source.Claims ?? []).Select(claim => claim.Name))}]";
}
