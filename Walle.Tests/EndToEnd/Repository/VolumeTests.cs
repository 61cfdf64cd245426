using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd.Repository;

/// <summary>A repository on a volume instead of a server.</summary>
[NonParallelizable]
public sealed class VolumeTests : RestoreEndToEndTest
{
    private const string Store = "store";
    private const string Schedule = "nightly";
    private const string Repository = $$"""{"secretRef": {"name": "{{SecretName}}"}, "volume": {"claimName": "{{Store}}"} }""";

    [Test]
    public async Task Backups_prune_check_and_restores_work_on_a_repository_that_is_a_claim()
    {
        await CreateSecretAsync("/repository/shop");
        await CreateClaimAsync(Store, StorageNames.FileImmediate, size: "256Mi");
        await CreateClaimAsync(Claim, StorageNames.FileImmediate);
        await WriteAsync(Claim, "head -c 400000 /dev/urandom > file; install -D -m 0600 -o 999 file sub/secret");
        await CreateScheduleAsync(Schedule, Yearly, $$""" "repository": {{Repository}}, "retention": {"keepLast": 1}, "prune": {"schedule": "{{Yearly}}"}, "check": {"schedule": "{{Yearly}}"} """);
        var status = await WaitForScheduleAsync(Schedule, found => found.Selected?.Count == 2, "not both claims are in the preview");
        var left = status.Selected!.Find(source => source.Name == Store)!;
        Assert.That((left.Reason, left.Message), Is.EqualTo((nameof(Reason.OptedOut), "it holds the repository (spec.repository.volume), which is never backed up into itself")));

        for (var run = 0; run < 2; run++)
        {
            var asked = await RunNowAsync(Schedule);
            status = await WaitForScheduleAsync(Schedule, found => found.LastRunNow == asked && HasEnded(found), "the run has not ended");
            Assert.That(status.LastRun!.Succeeded, Is.EqualTo(1), Condition(status, ConditionTypes.Ready)?.Message);
        }

        var now = $"{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}";
        await PatchScheduleAsync(Schedule, $$"""{"metadata": {"annotations": {"{{WellKnown.PruneNowAnnotation}}": "{{now}}", "{{WellKnown.CheckNowAnnotation}}": "{{now}}"} } }""");
        status = await WaitForScheduleAsync(
            Schedule, found => found.LastPrune is { FinishedAt: not null, ScheduledFor: not null } && found.LastCheck is { FinishedAt: not null, ScheduledFor: not null }, "prune and check have not ended");
        Assert.That((status.LastPrune!.Result, status.LastPrune.Forgotten, status.LastCheck!.Result), Is.EqualTo(("Succeeded", (int?)1, "Succeeded")), $"{status.LastPrune.Message}; {status.LastCheck.Message}");

        var restore = FromClaim(Claim, "again", new NewClaim());
        await RestoreAsync("undo", restore with { Repository = restore.Repository with { Volume = new RepositoryVolume { ClaimName = Store } } });
        Assert.That(
            await Restore.ManifestOfFolderAsync(await Storage.VolumePathAsync(Namespace, "again")),
            Is.EqualTo(await Restore.ManifestOfFolderAsync(await Storage.VolumePathAsync(Namespace, Claim))));
        await NothingIsLeftAsync();
    }

    [Test]
    public async Task A_folder_that_is_not_on_the_volume_is_refused()
    {
        await CreateSecretAsync("/cache/shop");
        await CreateClaimAsync(Store, StorageNames.FileImmediate);
        await CreateClaimAsync(Claim, StorageNames.FileImmediate);
        await CreateScheduleAsync(Schedule, Yearly, $$""" "repository": {{Repository}}, "options": {"retryLimit": 0} """);
        await RunNowAsync(Schedule);
        await WaitForScheduleAsync(Schedule, HasEnded, "the run has not ended");
        var job = (await JobsOfAsync(Schedule)).Single();
        Assert.That(job.Status!.Reason, Is.EqualTo(nameof(Reason.InvalidCredentials)), job.Status.Message);
        Assert.That(job.Status.Message, Does.Contain("use /repository or a folder below"));
    }
}
