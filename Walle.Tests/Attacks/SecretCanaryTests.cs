using System.Text;
using System.Text.Json;
using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.EndToEnd;

namespace Walle.Tests.Attacks;

/// <summary>
/// The values of a repository's Secret are looked for in all that is written down anywhere while things go right and wrong (reliability.md §5, I9, and §8.2, S14). Runs
/// last, since it looks through the logs of all tests.
/// </summary>
[NonParallelizable]
[Order(int.MaxValue)]
public sealed class SecretCanaryTests : RestoreEndToEndTest
{
    private static readonly string[] Canaries = ["canary-password-31f7", "canary-wrong-5b20", "canary-user-8d4e", "canary-url-0c93", "canary-s3-66aa", "canary-extra-f10b"];

    [Test]
    public async Task S14_ValuesOfTheSecret_AreInNoLogEventStatusMetricOrRequest()
    {
        var folder = $"/var/lib/walle-canary/{Namespace}";
        var collecting = Cluster.Node.RunAsync(
            "sh", "-c", $"mkdir -p {folder}; cd {folder}; for i in $(seq 3000); do cp -ru /var/log/pods/{Namespace}_* . 2>/dev/null; [ -e stop ] && exit 0; sleep 0.1; done; exit 1");
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "echo content > file");
        var url = Walle.Repositories.UrlOf(Namespace).Replace("http://", "http://canary-user-8d4e:canary-url-0c93@", StringComparison.Ordinal);
        await WriteSecretAsync(url, "canary-password-31f7");
        await BackUpAsync("right", Claim);
        await RestoreAsync("undo", FromClaim(Claim, "again", new NewClaim()));
        await WriteSecretAsync(url, "canary-wrong-5b20");
        await FailsAsync("wrong", Reason.WrongPassword);
        await WriteSecretAsync("rest:http://canary-user-8d4e:canary-url-0c93@127.0.0.1:9/", "canary-password-31f7");
        await FailsAsync("unreachable", Reason.RepositoryUnreachable);
        await Cluster.Node.RunAsync("touch", $"{folder}/stop");
        await collecting;

        using var http = new HttpClient();
        var written = new Dictionary<string, string>
        {
            ["the controller's log"] = Walle.Controller.Log,
            ["the audit log"] = await Cluster.ReadAuditLogAsync(),
            ["the workers' logs"] = await Cluster.Node.RunAsync("grep", "-r", "", folder),
            ["Events"] = KubernetesJson.Serialize(await Kubernetes.CoreV1.ListNamespacedEventAsync(Namespace)),
            ["BackupJobs"] = await ListAsync(ApiGroup.BackupJobPlural),
            ["RestoreJobs"] = await ListAsync(ApiGroup.RestoreJobPlural),
            ["metrics"] = await http.GetStringAsync(new Uri($"http://127.0.0.1:{Walle.MetricsPort}/metrics")),
        };
        Assert.Multiple(() =>
        {
            // What is looked through is there.
            Assert.That(written["the workers' logs"], Does.Contain("WrongPassword").And.Contain("RepositoryUnreachable"));
            Assert.That(written["the controller's log"], Does.Contain(Namespace));
            Assert.That(written["the audit log"], Does.Contain(Namespace));
            Assert.That(written["metrics"], Does.Contain("walle_backup_jobs{"));
            Assert.That(written["BackupJobs"], Does.Contain("WrongPassword").And.Contain("unreachable"));
            foreach (var (where, text) in written)
            {
                foreach (var canary in Canaries.Append(Password))
                {
                    Assert.That(text.Contains(canary, StringComparison.Ordinal), Is.False, $"{canary} in {where}");
                    Assert.That(text.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(canary)), StringComparison.Ordinal), Is.False, $"{canary} in {where}, in base64");
                }
            }
        });
    }

    private async Task FailsAsync(string name, Reason reason)
    {
        await CreateBackupAsync(name, Claim, new BackupOptions { RetryLimit = 0 });
        var status = await EndOfAsync(name);
        Assert.That(status.Reason, Is.EqualTo(reason.ToString()), status.Message);
    }

    private async Task WriteSecretAsync(string repository, string password)
    {
        var secret = new V1Secret
        {
            Metadata = new V1ObjectMeta { Name = SecretName },
            StringData = new Dictionary<string, string>
            {
                ["RESTIC_REPOSITORY"] = repository, ["RESTIC_PASSWORD"] = password, ["AWS_SECRET_ACCESS_KEY"] = "canary-s3-66aa", ["ssh-privatekey"] = "canary-extra-f10b", ["RESTIC_PASSWORD_COMMAND"] = "echo canary-extra-f10b",
            },
        };
        if ((await Kubernetes.CoreV1.ListNamespacedSecretAsync(Namespace, fieldSelector: $"metadata.name={SecretName}")).Items.Count > 0)
            await Kubernetes.CoreV1.ReplaceNamespacedSecretAsync(secret, SecretName, Namespace);
        else
            await Kubernetes.CoreV1.CreateNamespacedSecretAsync(secret, Namespace);
    }

    private async Task<string> ListAsync(string plural) =>
        ((JsonElement)await Kubernetes.CustomObjects.ListNamespacedCustomObjectAsync(ApiGroup.Name, ApiGroup.Version, Namespace, plural)).GetRawText();
}
