using k8s;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Informers;

namespace Walle.Tests.EndToEnd;

/// <summary>The line to the API server is cut while a command runs in a Pod: nobody knows how it ended, and that is never success.</summary>
[NonParallelizable]
public sealed class ConnectionCutTests : WorkloadTest
{
    private static readonly string[] Sleep = ["sh", "-c", "while true; do sleep 1; done"];

    [Test]
    public async Task BeforeHook_WhoseLineIsCut_IsFollowedByTheAfterHook_AndAllBeginsAgain()
    {
        var image = await Cluster.LoadToolboxAsync();
        await AllowHooksAsync();
        await CreateSecretAsync();
        await CreateStatefulSetAsync("db", new Dictionary<string, string>
        {
            [HookAnnotation.Before] = "echo before >> /data/hooks; [ $(grep -c before /data/hooks) -gt 1 ] || sleep 600", [HookAnnotation.After] = "echo after >> /data/hooks", [HookAnnotation.Timeout] = "5m",
        }, image, Sleep, volumes: "data");
        await using var proxy = new TcpProxy(new Uri(KubernetesClientConfiguration.BuildConfigFromConfigFile(Cluster.Kubeconfig).Host));
        await Walle.Controller.KillAsync();
        try
        {
            await using var controller = await Walle.StartThroughAsync(proxy);
            await CreateWorkloadBackupAsync("first", SourceKind.StatefulSet, "db");
            await Eventually(async () => (await LinesAsync("db-0", "/data/hooks")).Length > 0, BackupDeadline, () => $"the before-hook has not begun:\n{controller.Log}");

            proxy.Refuse();
            proxy.Accept();

            var status = await EndOfAsync("first");
            Assert.That(status.Phase, Is.EqualTo(BackupPhase.Succeeded), controller.Log);
            Assert.That(status.HookRounds, Is.EqualTo(2), "what was cut was no success");
            // The after-hook more than once when its own line was among those that were cut: it is tried again until its end is known.
            var lines = await LinesAsync("db-0", "/data/hooks");
            Assert.That(lines.Where((line, index) => index == 0 || line != lines[index - 1]), Is.EqualTo(new[] { "before", "after", "before", "after" }));
            var saved = await Restore.ResticAsync("dump", "--quiet", status.Volumes!.Single().ResticSnapshotId!, "/hooks");
            Assert.That(saved.TrimEnd().Split('\n')[^1], Is.EqualTo("before"), "it was cut while it was held");
            await NothingIsLeftAsync();
        }
        finally
        {
            Walle.Controller.Start();
        }
    }

    [Test]
    public async Task Dump_WhoseLineIsCutAtHalf_IsNoSnapshot()
    {
        var image = await Cluster.LoadToolboxAsync();
        await AllowHooksAsync();
        await CreateSecretAsync();
        await CreateStatefulSetAsync("db", new Dictionary<string, string>
        {
            [HookAnnotation.Dump] = "head -c 3000000 /dev/urandom; touch /data/half; for i in $(seq 600); do head -c 1000 /dev/urandom; sleep 0.2; done",
        }, image, Sleep, volumes: "data");
        await CreateWorkloadBackupAsync("first", SourceKind.StatefulSet, "db", new BackupOptions { RetryLimit = 0 });
        await Eventually(async () => (await InPodAsync("db-0", "ls", "/data")).Contains("half", StringComparison.Ordinal), BackupDeadline, () => "the dump is not half done");
        var worker = (await Kubernetes.CoreV1.ListNamespacedPodAsync(Namespace, labelSelector: WellKnown.ManagedBySelector)).Items
            .Single(pod => pod.Status.Phase == "Running");

        // In the node, which is the only place between a Pod and the API server: whatever the worker sends is answered with a reset.
        string[] rule = ["INPUT", "-p", "tcp", "-s", worker.Status.PodIP, "--dport", "6443", "-j", "REJECT", "--reject-with", "tcp-reset"];
        await Cluster.Node.RunAsync(["iptables", "-I", .. rule]);
        try
        {
            await EndsWithAsync("first", Reason.HookUnreachable, "the connection was cut before the command's exit status came");
        }
        finally
        {
            await Cluster.Node.RunAsync(["iptables", "-D", .. rule]);
        }

        Assert.That(await Restore.SnapshotsAsync(), Is.Empty, "what came of it is not in the repository");
    }
}
