using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using k8s;
using NUnit.Framework;
using Walle.Crds.V1;
using Walle.Tests.Cluster;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd;

/// <summary>The cluster is lost; there is the repository, the password and docs/recovery.md, whose commands are run as they stand.</summary>
[NonParallelizable]
public sealed partial class RecoveryTests : RestoreEndToEndTest
{
    private static readonly string[] WebCommand = ["sleep", "86400"];
    private static readonly TimeSpan WorkloadDeadline = TimeSpan.FromMinutes(2);

    /// <summary>A cluster of its own, made for this, with Walle as `make deploy` installs it; all that it gets of the old one is the repository's files.</summary>
    [Test]
    public async Task Recovery_InASecondCluster_BringsEveryClaimAndItsWorkloadBack()
    {
        await CreateClaimAsync("data");
        await Cluster.Node.RunAsync("bash", "-c", RestoreCheck.Script("mixed-tree.sh"), "mixed-tree", await Storage.VolumePathAsync(Namespace, "data"));
        await CreateStatefulSetAsync("web", new Dictionary<string, string>(), await Cluster.LoadToolboxAsync(), WebCommand, volumes: "files");
        await InPodAsync("web-0", "sh", "-c", "head -c 3000000 /dev/urandom > /files/content");
        await CreateSecretAsync();
        await BackUpAsync("first", "data");
        await BackUpWorkloadAsync("second", SourceKind.StatefulSet, "web");
        string[] claims = ["data", "files-web-0"];
        var expected = await WholeAsync(Cluster, Storage, Restore, claims);
        var set = await HostCommand.RunAsync("kubectl", ["--kubeconfig", Cluster.Kubeconfig, "-n", Namespace, "get", "statefulset", "web", "-o", "yaml"]);
        var copy = Directory.CreateTempSubdirectory("walle-repository-copy-");
        await HostCommand.RunAsync("docker", ["cp", "--archive", $"{Cluster.NodeId}:{Walle.Repositories.Folder}/{Namespace}", copy.FullName]);

        await using var second = await TestCluster.StartAsync(line => TestContext.Progress.WriteLine("[second] " + line));
        await using var storage = await StorageDouble.StartAsync(second.Kubernetes, second.Node, line => TestContext.Progress.WriteLine("[second storage] " + line));
        foreach (var image in new[] { "controller", "worker" })
            await second.LoadProjectImageAsync(image);
        _ = await second.LoadToolboxAsync();
        var repositories = await RepositoryServer.StartAsync(second, "moved");
        await HostCommand.RunAsync("docker", ["cp", "--archive", $"{copy.FullName}/{Namespace}", $"{second.NodeId}:{repositories.Folder}/"]);
        await second.Node.RunAsync("chown", "-R", "65532:65532", repositories.Folder);
        copy.Delete(recursive: true);
        await HostCommand.RunAsync("env", [$"KUBECONFIG={second.Kubeconfig}", RepositoryRoot.Combine("hack", "deploy"), "up"]);

        await FollowAsync(await CommandsAsync(), repositories.UrlOf(Namespace), second);

        Assert.That(await WholeAsync(second, storage, new RestoreCheck(second, Namespace), claims), Is.EqualTo(expected));
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, set);
        await HostCommand.RunAsync("kubectl", ["--kubeconfig", second.Kubeconfig, "create", "-f", file]);
        File.Delete(file);
        await Eventually(
            async () => (await second.Kubernetes.AppsV1.ReadNamespacedStatefulSetAsync("web", Namespace)).Status?.ReadyReplicas == 1, WorkloadDeadline, () => "the workload does not start on its restored claim");
        Assert.That(
            await HostCommand.RunAsync("kubectl", ["--kubeconfig", second.Kubeconfig, "-n", Namespace, "exec", "web-0", "--", "sha256sum", "/files/content"]),
            Is.EqualTo(await InPodAsync("web-0", "sha256sum", "/files/content")));
    }

    [TestCase("test-cluster", Description = "the new cluster is called like the old one")]
    [TestCase("new-cluster", Description = "it is not")]
    public async Task Recovery_FollowedToTheLetter_BringsEveryClaimBack(string clusterName)
    {
        // What the page says of namespace "shop" is done in this test's own, with its own repository: nothing else is changed in its commands.
        await CreateClaimAsync("data");
        await CreateClaimAsync("media", StorageNames.FileImmediate, size: "96Mi");
        await Cluster.Node.RunAsync("bash", "-c", RestoreCheck.Script("mixed-tree.sh"), "mixed-tree", await Storage.VolumePathAsync(Namespace, "data"));
        await WriteAsync("media", "mkdir films; echo film > films/one; chown -R 33:33 films; chmod 2750 .");
        var expected = (await ManifestOfClaimAsync("data"), await RootOfClaimAsync("data"), await ManifestOfClaimAsync("media"), await RootOfClaimAsync("media"));
        await CreateSecretAsync();
        await BackUpAsync("first", "data");
        await BackUpAsync("second", "media");
        var repository = Walle.Repositories.UrlOf(Namespace);
        await DeleteNamespaceAndWaitAsync(TimeSpan.FromMinutes(2));
        var walle = Walle.Controller;
        await using var controller = clusterName == "test-cluster" ? null : await OtherClusterAsync(walle, clusterName);
        try
        {
            await FollowAsync(await CommandsAsync(), repository, Cluster);

            Assert.That((await ManifestOfClaimAsync("data"), await RootOfClaimAsync("data"), await ManifestOfClaimAsync("media"), await RootOfClaimAsync("media")), Is.EqualTo(expected));
            var media = await Kubernetes.CoreV1.ReadNamespacedPersistentVolumeClaimAsync("media", Namespace);
            Assert.That((media.Spec.StorageClassName, media.Spec.Resources.Requests["storage"].ToString()), Is.EqualTo((StorageNames.FileImmediate, "96Mi")));
            await NothingIsLeftAsync();
        }
        finally
        {
            if (controller is not null)
            {
                await controller.KillAsync();
                walle.Start();
            }
        }
    }

    private async Task<ControllerProcess> OtherClusterAsync(ControllerProcess walle, string clusterName)
    {
        await walle.KillAsync();
        var kubeconfig = await ControllerProcess.KubeconfigForAsync(Cluster, WalleUnderTest.SystemNamespace, "walle-controller");
        var controller = new ControllerProcess(
            kubeconfig, "--cluster-name", clusterName, "--worker-image", "walle/worker:dev", "--worker-image-pull-policy", "Never", "--leader-election", "false",
            "--lease-namespace", WalleUnderTest.SystemNamespace, "--metrics-port", "0", "--health-port", "0");
        controller.Start();
        return controller;
    }

    /// <summary>Every tree as its manifest tells it, and its root.</summary>
    private async Task<string> WholeAsync(TestCluster cluster, StorageDouble storage, RestoreCheck check, string[] claims)
    {
        var whole = new StringBuilder();
        foreach (var claim in claims)
        {
            var folder = await storage.VolumePathAsync(Namespace, claim);
            whole.AppendLine(claim).AppendLine(await cluster.Node.RunAsync("stat", "-c", "%a %u:%g %y", folder)).AppendLine(await check.ManifestOfFolderAsync(folder));
        }

        return whole.ToString();
    }

    /// <summary>Those of the page, as they stand, but for the namespace.</summary>
    private async Task<string> CommandsAsync()
    {
        var page = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "recovery.md"));
        var commands = string.Join('\n', ShellBlocks().Matches(page).Select(block => block.Groups[1].Value)).Replace("shop", Namespace, StringComparison.Ordinal);
        Assert.That(commands, Does.Contain("create secret").And.Contain("restorejobs --all"), "the page has its commands");
        return commands;
    }

    private static async Task FollowAsync(string commands, string repository, TestCluster cluster)
    {
        var work = Directory.CreateTempSubdirectory("walle-recovery-");
        Directory.CreateSymbolicLink(Path.Combine(work.FullName, "manifests"), RepositoryRoot.Combine("manifests"));
        var start = new ProcessStartInfo("bash") { ArgumentList = { "-euxc", commands }, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = work.FullName };
        start.Environment["KUBECONFIG"] = cluster.Kubeconfig;
        start.Environment["REPOSITORY"] = repository;
        start.Environment["PASSWORD"] = Password;
        using var process = Process.Start(start)!;
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(6));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        var restore = Path.Combine(work.FullName, "restore.yaml");
        Assert.That(process.ExitCode, Is.Zero, $"{string.Join('\n', await output)}\n{(File.Exists(restore) ? await File.ReadAllTextAsync(restore) : "no restore.yaml")}");
        work.Delete(recursive: true);
    }

    [GeneratedRegex(@"^ *```sh\n(.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlocks();
}
