using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Storage;
using Walle.Tests.Worker.Restic;
using Walle.Tests.Worker.Sftp;

namespace Walle.Tests.EndToEnd.Repository;

/// <summary>A repository over SFTP. The workers' image is another one for a while: nothing else may run meanwhile.</summary>
[NonParallelizable]
public sealed class SftpRepositoryTests : RestoreEndToEndTest
{
    private const string Image = "docker.io/walle/worker:dev";
    private const string Kept = "docker.io/walle/worker:kept";
    private const string Server = "nas";
    private const int Port = 2222;

    [Test]
    public async Task Backups_and_restores_go_over_ssh_once_the_workers_have_the_image_for_it()
    {
        await CreateClaimAsync(Claim, StorageNames.FileImmediate);
        await WriteAsync(Claim, "head -c 400000 /dev/urandom > file; install -D -m 0600 -o 999 file sub/secret");
        await StartServerAsync();

        await CreateBackupAsync("refused", Claim, new BackupOptions { RetryLimit = 0 });
        await EndsWithAsync("refused", Reason.InvalidCredentials, "walle/worker-sftp");

        await Cluster.LoadImageAsync("walle/worker-sftp:dev");
        await TagImageAsync($"tag --force {Image} {Kept}", $"tag --force docker.io/walle/worker-sftp:dev {Image}");
        try
        {
            await BackUpAsync("first", Claim);
            await RestoreAsync("undo", FromClaim(Claim, "again", new NewClaim()));
        }
        finally
        {
            await TagImageAsync($"tag --force {Kept} {Image}", $"rm {Kept}");
        }

        Assert.That(
            await Restore.ManifestOfFolderAsync(await Storage.VolumePathAsync(Namespace, "again")),
            Is.EqualTo(await Restore.ManifestOfFolderAsync(await Storage.VolumePathAsync(Namespace, Claim))));
        await NothingIsLeftAsync();
    }

    private Task<string> TagImageAsync(params string[] commands) =>
        Cluster.Node.RunAsync(["sh", "-euc", "ctr=$(command -v ctr >/dev/null && echo ctr || echo 'k3s ctr'); for c; do $ctr -n k8s.io images $c; done", "images", .. commands]);

    /// <summary>OpenSSH in a Pod, and the Secret by which the workers get into it.</summary>
    private async Task StartServerAsync()
    {
        const string Image = "walle/sshd:dev";
        await Cluster.LoadImageAsync(Image);
        var keys = Directory.CreateTempSubdirectory("walle-ssh-").FullName;
        try
        {
            Shell.Run("ssh-keygen -q -t ed25519 -N '' -f host; ssh-keygen -q -t ed25519 -N '' -f user", keys);
            await Kubernetes.CoreV1.CreateNamespacedSecretAsync(
                new V1Secret
                {
                    Metadata = new V1ObjectMeta { Name = Server },
                    StringData = new Dictionary<string, string> { ["sshd_config"] = SshServer.Configuration(Port), ["host"] = await File.ReadAllTextAsync($"{keys}/host"), ["user.pub"] = await File.ReadAllTextAsync($"{keys}/user.pub") },
                }, Namespace);
            await Kubernetes.CoreV1.CreateNamespacedPodAsync(ServerPod(Image), Namespace);
            V1Pod? pod = null;
            await Eventually(
                async () => (pod = await Kubernetes.CoreV1.ReadNamespacedPodAsync(Server, Namespace)).Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true,
                BackupDeadline, () => $"sshd is not ready: {KubernetesJson.Serialize(pod?.Status)}");
            await Kubernetes.CoreV1.CreateNamespacedSecretAsync(
                new V1Secret
                {
                    Metadata = new V1ObjectMeta { Name = SecretName },
                    StringData = new Dictionary<string, string>
                    {
                        ["RESTIC_REPOSITORY"] = $"sftp://{SshServer.User}@{pod!.Status.PodIP}:{Port}//srv/repository",
                        ["RESTIC_PASSWORD"] = Password,
                        ["ssh-privatekey"] = await File.ReadAllTextAsync($"{keys}/user"),
                        ["known_hosts"] = $"[{pod.Status.PodIP}]:{Port} {await File.ReadAllTextAsync($"{keys}/host.pub")}",
                    },
                }, Namespace);
        }
        finally
        {
            Directory.Delete(keys, recursive: true);
        }
    }

    private static V1Pod ServerPod(string image) => new()
    {
        Metadata = new V1ObjectMeta { Name = Server },
        Spec = new V1PodSpec
        {
            AutomountServiceAccountToken = false,
            TerminationGracePeriodSeconds = 0,
            Containers =
            [
                new V1Container
                {
                    Name = "sshd", Image = image, ImagePullPolicy = "Never",
                    VolumeMounts = [new V1VolumeMount { Name = "keys", MountPath = "/ssh" }, new V1VolumeMount { Name = "data", MountPath = "/srv" }],
                    ReadinessProbe = new V1Probe { TcpSocket = new V1TCPSocketAction { Port = Port }, PeriodSeconds = 1 },
                },
            ],
            Volumes =
            [
                // sshd takes no host key that others can read, and reads a user's keys as that user.
                new V1Volume
                {
                    Name = "keys",
                    Secret = new V1SecretVolumeSource
                    {
                        SecretName = Server,
                        Items = [new V1KeyToPath { Key = "sshd_config", Path = "sshd_config" }, new V1KeyToPath { Key = "user.pub", Path = "user.pub" }, new V1KeyToPath { Key = "host", Path = "host", Mode = 0b100_000_000 }],
                    },
                },
                new V1Volume { Name = "data", EmptyDir = new V1EmptyDirVolumeSource() },
            ],
        },
    };
}
