using System.Diagnostics;
using System.Text.RegularExpressions;
using k8s;
using NUnit.Framework;
using Walle.Tests.Cluster;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd;

/// <summary>The cluster is lost; there is the repository, the password and docs/recovery.md, whose commands are run as they stand.</summary>
[NonParallelizable]
public sealed partial class RecoveryTests : RestoreEndToEndTest
{
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
            var page = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "recovery.md"));
            var commands = string.Join('\n', ShellBlocks().Matches(page).Select(block => block.Groups[1].Value)).Replace("shop", Namespace, StringComparison.Ordinal);
            Assert.That(commands, Does.Contain("create secret").And.Contain("restorejobs --all"), "the page has its commands");
            await FollowAsync(commands, repository);

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

    private async Task FollowAsync(string commands, string repository)
    {
        var work = Directory.CreateTempSubdirectory("walle-recovery-");
        Directory.CreateSymbolicLink(Path.Combine(work.FullName, "manifests"), RepositoryRoot.Combine("manifests"));
        var start = new ProcessStartInfo("bash") { ArgumentList = { "-euxc", commands }, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = work.FullName };
        start.Environment["KUBECONFIG"] = Cluster.Kubeconfig;
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
