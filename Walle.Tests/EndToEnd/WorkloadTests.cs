using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Architecture.Rbac;
using Walle.Tests.Cluster;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd;

/// <summary>Workloads as sources, and the hooks in their Pods.</summary>
public sealed class WorkloadTests : WorkloadTest
{
    private static readonly string[] Sleep = ["sh", "-c", "while true; do sleep 1; done"];

    [Test]
    public async Task StatefulSet_WithSeveralVolumes_IsBackedUpWholeInOneWindow()
    {
        var image = await Cluster.LoadToolboxAsync();
        await AllowHooksAsync();
        await CreateSecretAsync();
        await CreateStatefulSetAsync("db", new Dictionary<string, string>
        {
            [HookAnnotation.Before] = "echo before $(date +%s.%N) >> /log/hooks; echo frozen > /data/state; echo frozen > /log/state; sync",
            [HookAnnotation.After] = """["sh", "-c", "echo after >> /log/hooks; echo thawed > /data/state; echo thawed > /log/state; echo 'it is \"over\" & out'"]""",
        }, image, Sleep, replicas: 2, volumes: ["data", "log"]);

        var status = await BackUpWorkloadAsync("first", SourceKind.StatefulSet, "db");

        await TestContext.Out.WriteLineAsync($"frozen {status.FrozenSeconds} s, skew {status.SkewSeconds} s, duration {status.Duration}");
        Assert.Multiple(() =>
        {
            Assert.That(status.Volumes!.Select(volume => volume.ClaimName), Is.EqualTo(new[] { "data-db-0", "data-db-1", "log-db-0", "log-db-1" }));
            Assert.That(status.Volumes, Has.All.Property("Phase").EqualTo(BackupPhase.Succeeded));
            Assert.That(status.Volumes!.Select(volume => volume.ResticSnapshotId).Distinct().Count(), Is.EqualTo(4));
            Assert.That(status.Hooks, Has.Count.EqualTo(4).And.All.Property("Phase").EqualTo(HookPhase.Succeeded).And.All.Property("ExitCode").EqualTo(0));
            Assert.That(status.Hooks!.Last().Output, Is.EqualTo("it is \"over\" & out"));
            Assert.That(HasReached(status, ConditionTypes.HooksCompleted));
            Assert.That(status.FrozenSeconds, Is.LessThan(15));
            Assert.That(status.SkewSeconds, Is.LessThanOrEqualTo(2));
        });
        foreach (var volume in status.Volumes!)
            Assert.That(await Restore.ResticAsync("dump", volume.ResticSnapshotId!, "/state"), Is.EqualTo("frozen\n"), $"{volume.ClaimName} was cut in the window");
        Assert.That(await LinesAsync("db-0", "/data/state"), Is.EqualTo(new[] { "thawed" }));
        await NothingIsLeftAsync();

        var second = await BackUpWorkloadAsync("second", SourceKind.StatefulSet, "db");
        Assert.That(second.Volumes, Has.All.Property("ParentId").Not.Null, "each volume knows its last snapshot");
    }

    [Test]
    public async Task Hooks_WithoutLeave_AreNotRun_AndTheMessageGrantsIt()
    {
        var image = await Cluster.LoadToolboxAsync();
        await CreateSecretAsync();
        await CreateStatefulSetAsync("db", new Dictionary<string, string> { [HookAnnotation.Before] = "touch /data/ran" }, image, Sleep, volumes: "data");
        await CreateWorkloadBackupAsync("first", SourceKind.StatefulSet, "db");

        var status = await EndsWithAsync("first", Reason.HookForbidden, $"kubectl -n {Namespace} create rolebinding walle-hooks --clusterrole=walle-hooks --serviceaccount=walle-system:walle-controller");

        Assert.That(status.Hooks!.Single().Phase, Is.EqualTo(HookPhase.Failed));
        Assert.That(await InPodAsync("db-0", "ls", "/data"), Does.Not.Contain("ran"));
        var command = status.Message![(status.Message!.IndexOf("kubectl", StringComparison.Ordinal) + "kubectl ".Length)..].Split(" (")[0];
        await HostCommand.RunAsync("kubectl", ["--kubeconfig", Cluster.Kubeconfig, .. command.Split(' ')]);
        await BackUpWorkloadAsync("second", SourceKind.StatefulSet, "db");
        Assert.That(await InPodAsync("db-0", "ls", "/data"), Does.Contain("ran"));
    }

    [TestCase("exit 3", "exit code 3", Reason.HookFailed)]
    [TestCase("echo 'the disk is on fire' >&2; exit 1", "the disk is on fire", Reason.HookFailed)]
    [TestCase("sleep 1000", "within 5s", Reason.HookTimedOut)]
    [TestCase("""["/no/such/program"]""", "could not be run", Reason.HookFailed)]
    [TestCase("kill -9 $$", "exit code 137", Reason.HookFailed)]
    public async Task BeforeHook_ThatFails_FailsTheBackup_AndTheAfterHookRuns(string command, string told, Reason reason)
    {
        var image = await Cluster.LoadToolboxAsync();
        await AllowHooksAsync();
        await CreateSecretAsync();
        await CreateStatefulSetAsync("db", new Dictionary<string, string>
        {
            [HookAnnotation.Before] = command, [HookAnnotation.After] = "echo after >> /data/hooks", [HookAnnotation.Timeout] = "5s",
        }, image, Sleep, volumes: "data");
        await CreateWorkloadBackupAsync("first", SourceKind.StatefulSet, "db");

        var status = await EndsWithAsync("first", reason, told);

        Assert.That(await LinesAsync("db-0", "/data/hooks"), Is.EqualTo(new[] { "after" }));
        Assert.That(status.Volumes!.Single().VolumeSnapshotUid, Is.Null, "nothing was snapshotted");
    }

    [Test]
    public async Task BackupJob_BringsNoCommand_WhateverStandsInIt()
    {
        var image = await Cluster.LoadToolboxAsync();
        await AllowHooksAsync();
        await CreateSecretAsync();
        await CreateStatefulSetAsync("db", new Dictionary<string, string>(), image, Sleep, volumes: "data");
        await InPodAsync("db-0", "sh", "-c", "echo content > /data/file");
        await CreateWorkloadBackupAsync("first", SourceKind.StatefulSet, "db", new BackupOptions
        {
            Excludes = ["$(touch /data/ran)", "; touch /data/ran"],
            Worker = new WorkerOptions { PodAnnotations = new() { [HookAnnotation.Before] = "touch /data/ran" } },
        });
        var annotated = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [HookAnnotation.Before] = "touch /data/ran", [HookAnnotation.Dump] = "touch /data/ran" } } };
        await Kubernetes.CustomObjects.PatchNamespacedCustomObjectAsync(new V1Patch(annotated.ToJsonString(), V1Patch.PatchType.MergePatch), "ros.io", "v1", Namespace, "backupjobs", "first");
        await EndOfAsync("first");

        var asked = AuditLog.Requests(await Cluster.ReadAuditLogAsync(), "system:serviceaccount:walle-system:walle-controller", $"system:serviceaccount:{Namespace}:walle-dump");
        Assert.That(asked.Where(request => request.Resource == "pods/exec" && request.Namespace == Namespace), Is.Empty);
        Assert.That(await InPodAsync("db-0", "ls", "/data"), Does.Not.Contain("ran"));
    }

    [Test]
    public async Task Hook_ThatPrintsAGibibyteOfBinary_IsDrained_AndItsEndIsKept()
    {
        var image = await Cluster.LoadToolboxAsync();
        await AllowHooksAsync();
        await CreateSecretAsync();
        await CreateStatefulSetAsync("db", new Dictionary<string, string>
        {
            [HookAnnotation.Before] = "head -c 1073741824 /dev/zero; head -c 20000 /dev/urandom; printf '\\033[31mPGPASSWORD=hunter2 done'", [HookAnnotation.Timeout] = "3m",
        }, image, Sleep, volumes: "data");

        var status = await BackUpWorkloadAsync("first", SourceKind.StatefulSet, "db");

        var hook = status.Hooks!.Single();
        await TestContext.Out.WriteLineAsync($"{hook.OutputBytes} bytes from {hook.StartTime} to {hook.CompletionTime}");
        Assert.Multiple(() =>
        {
            Assert.That(hook.OutputBytes, Is.GreaterThan(1_073_741_824));
            Assert.That(hook.Output, Has.Length.LessThanOrEqualTo(8192).And.EndsWith("PGPASSWORD=*** done"));
            Assert.That(hook.Output!.Any(c => char.IsControl(c) && c != '\n'), Is.False);
        });
    }

    [Test]
    public async Task AfterHook_RunsThoughTheSnapshotFails_AndThoughTheBackupIsDeleted()
    {
        var image = await Cluster.LoadToolboxAsync();
        await AllowHooksAsync();
        await CreateSecretAsync();
        await CreateStatefulSetAsync("db", new Dictionary<string, string> { [HookAnnotation.Before] = "echo before >> /data/hooks", [HookAnnotation.After] = "echo after >> /data/hooks" }, image, Sleep, volumes: "data");
        await SetFaultAsync("data-db-0", Fault.NeverCut);
        await CreateWorkloadBackupAsync("fails", SourceKind.StatefulSet, "db", new BackupOptions { SnapshotTimeoutSeconds = 10 });
        await EndsWithAsync("fails", Reason.SnapshotTimeout, "data-db-0");
        Assert.That(await LinesAsync("db-0", "/data/hooks"), Is.EqualTo(new[] { "before", "after" }));

        await CreateWorkloadBackupAsync("deleted", SourceKind.StatefulSet, "db");
        await WaitForAsync("deleted", status => status.Hooks is [{ Phase: HookPhase.Succeeded }, ..], "the before-hook has run");
        await DeleteBackupAsync("deleted");
        await Eventually(async () => (await LinesAsync("db-0", "/data/hooks")).Length == 4, BackupDeadline, () => "the after-hook has not run");
        Assert.That(await LinesAsync("db-0", "/data/hooks"), Is.EqualTo(new[] { "before", "after", "before", "after" }));
    }
}
