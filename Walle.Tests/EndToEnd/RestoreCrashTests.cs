using k8s;
using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Tests.EndToEnd;

/// <summary>Worker or controller are killed in the middle of a restore: it goes on, and what comes out is the same.</summary>
[NonParallelizable]
public sealed class RestoreCrashTests : RestoreEndToEndTest
{
    private const string Job = "survivor";
    private const string Target = "target";

    /// <summary>Ten instants, from before the worker's Pod is there to after it has done half.</summary>
    [Test]
    public async Task KilledWorker_IsReplaced_AndTheTreeIsIdentical([Range(0, 9)] int instant)
    {
        await SaveAsync();
        var expected = await ManifestOfClaimAsync(Claim);
        await CreateRestoreAsync(Job, FromClaim(Claim, Target, new NewClaim()) with { Options = new RestoreOptions { LimitDownloadKiBps = 4000 } });
        await WaitForRestoreAsync(status => status.Attempts > 0, "has started a worker");
        await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(0, 600) + (instant * 550)), TimeProvider.System);

        // The restic of the restore and its parent, as the kernel or an operator would: nothing is told beforehand.
        await Cluster.Node.RunAsync("sh", "-c", "for p in /proc/[0-9]*; do if tr '\\0' ' ' < $p/cmdline 2>/dev/null | grep -q '[w]alle-worker restore'; then kill -9 ${p#/proc/}; fi; done; true");

        var status = await EndOfRestoreAsync(Job);
        Assert.That(status.Phase, Is.EqualTo(RestorePhase.Succeeded), $"{status.Reason}: {status.Message}");
        Assert.That(await ManifestOfClaimAsync(Target), Is.EqualTo(expected));
        await TestContext.Out.WriteLineAsync($"attempts: {status.Attempts}");
        await NothingIsLeftAsync();
    }

    [TestCase("while the snapshot is chosen")]
    [TestCase("while the target is made")]
    [TestCase("while the worker restores")]
    [TestCase("as soon as the result is known")]
    public async Task KilledController_ResumesAndFinishes(string moment)
    {
        await SaveAsync();
        await CreateRestoreAsync(Job, FromClaim(Claim, Target, new NewClaim()) with { Options = new RestoreOptions { LimitDownloadKiBps = 8000 } });
        await WaitForRestoreAsync(Reached(moment), moment);

        await Walle.Controller.KillAsync();
        Walle.Controller.Start();

        var status = await EndOfRestoreAsync(Job);
        Assert.That(status.Phase, Is.EqualTo(RestorePhase.Succeeded), $"{status.Reason}: {status.Message}");
        Assert.That(await ManifestOfClaimAsync(Target), Is.EqualTo(await ManifestOfClaimAsync(Claim)));
        await NothingIsLeftAsync();
    }

    [Test]
    public async Task DeletedRestoreJob_StopsItsWorker_AndLeavesTheTargetMarked()
    {
        await SaveAsync();
        await CreateRestoreAsync(Job, FromClaim(Claim, Target, new NewClaim()) with { Options = new RestoreOptions { LimitDownloadKiBps = 500 } });
        await WaitForRestoreAsync(status => status.Message == "the worker is restoring", "restores");
        var marker = $"{await Storage.VolumePathAsync(Namespace, Target)}/.walle-restoring";
        await Eventually(async () => await Cluster.Node.RunAsync("sh", "-c", $"[ -e {marker} ] && echo yes || echo no") is var there && there.Trim() == "yes", TimeSpan.FromSeconds(30), () => "the worker has not begun");

        await Kubernetes.CustomObjects.DeleteNamespacedCustomObjectAsync("ros.io", "v1", Namespace, "restorejobs", Job);

        await Eventually(
            async () => ((System.Text.Json.JsonElement)await Kubernetes.CustomObjects.ListNamespacedCustomObjectAsync("ros.io", "v1", Namespace, "restorejobs")).GetProperty("items").GetArrayLength() == 0,
            TimeSpan.FromMinutes(2), () => "the RestoreJob is still there");
        await NothingIsLeftAsync();
        Assert.That((await Cluster.Node.RunAsync("cat", marker)), Does.Contain($"{Namespace}/{Job}/"));
        var events = await Kubernetes.CoreV1.ListNamespacedEventAsync(Namespace, fieldSelector: $"involvedObject.name={Job}");
        Assert.That(events.Items.Select(happened => happened.Reason), Does.Contain(nameof(Reason.Cancelled)));
    }

    private async Task SaveAsync()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "for n in $(seq 200); do head -c 100000 /dev/urandom > f$n; done; mkdir d; ln f1 d/hard; chown 5:6 f2; chmod 2770 d");
        await CreateSecretAsync();
        await BackUpAsync("first", Claim);
    }

    private async Task WaitForRestoreAsync(Func<RestoreJobStatus, bool> condition, string what)
    {
        RestoreJob? job = null;
        await Eventually(
            async () => (job = await ReadRestoreAsync(Job)).Status is { } status && condition(status),
            BackupDeadline, () => $"RestoreJob {Job}: {what}; it is {job?.Status?.Phase}: {job?.Status?.Reason}: {job?.Status?.Message}");
    }

    private static Func<RestoreJobStatus, bool> Reached(string moment) => moment switch
    {
        "while the snapshot is chosen" => status => HasReached(status, ConditionTypes.Accepted),
        "while the target is made" => status => status.PlannedClaim is not null,
        "while the worker restores" => status => status.Message == "the worker is restoring",
        _ => status => HasReached(status, ConditionTypes.Complete),
    };
}
