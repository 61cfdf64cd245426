using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.EndToEnd.Schedules;

namespace Walle.Tests.EndToEnd;

/// <summary>A namespace full of BackupJobs that cannot succeed, and one of another that can (reliability.md §6, F23 and F80).</summary>
[NonParallelizable]
public sealed class ManyJobsTests : EndToEndTest
{
    private const string User = "system:serviceaccount:walle-system:walle-controller";

    /// <summary>Finalizer, status, status with the clean-up, finalizer again.</summary>
    private const int WritesPerJob = 4;

    /// <summary>Some met a conflict.</summary>
    private const int Others = 20;

    /// <summary>
    /// Writes for the crowd before the newcomer's first: what all workers hold when it comes (8 items of 4 writes), and once more. The work queue's
    /// namespaces take turns; first come, first served would be about 4 writes for each of the crowd.
    /// </summary>
    private const int Ahead = 64;

    /// <summary>The memory limit in manifests/base/deployment.yaml.</summary>
    private const long MemoryLimit = 512L << 20;

    [TestCase(300)]
    [TestCase(5000, Explicit = true, Reason = "takes some minutes")]
    public async Task FailingBackups_AllEnd_AndAnotherNamespaceWaitsForNoneOfThem(int count)
    {
        var crowd = $"{Namespace}-crowd";
        await Kubernetes.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = crowd } });
        await CreateClaimAsync("data");
        await WriteAsync("data", "echo content > file");
        await CreateSecretAsync();
        await BackUpAsync("first", "data");
        var begin = (await Cluster.ReadAuditLogAsync()).Length;

        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (index, stop) => await Kubernetes.CustomObjects.CreateNamespacedCustomObjectAsync(
            JsonNode.Parse($$"""{"apiVersion": "ros.io/v1", "kind": "BackupJob", "metadata": {"name": "none-{{index}}"}, "spec": {"source": {"name": "none-{{index}}"}, "repository": {"secretRef": {"name": "{{SecretName}}"} } } }"""),
            ApiGroup.Name, ApiGroup.Version, crowd, ApiGroup.BackupJobPlural, cancellationToken: stop));
        var started = TimeProvider.System.GetTimestamp();
        await BackUpAsync("good", "data");
        var good = TimeProvider.System.GetElapsedTime(started);
        List<JsonElement> failed = [];
        await Eventually(
            async () => (failed = await FailedAsync(crowd)).Count == count, TimeSpan.FromMinutes(10), () => $"{failed.Count} of {count} have ended");
        var all = TimeProvider.System.GetElapsedTime(started);

        var log = (await Cluster.ReadAuditLogAsync())[begin..];
        var audit = SlotAudit.Read(log, crowd, User);
        var ahead = SlotAudit.Read(WhileUnseen(log, "good"), crowd, User).Writes;
        var memory = PeakMemory();
        await TestContext.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} failing BackupJobs: the good one was done after {good.TotalSeconds:0.0} s ({ahead} writes before its first), all after {all.TotalSeconds:0.0} s; {audit.Writes / (double)count:0.00} writes and {audit.Events / (double)count:0.00} Events each; the controller's peak: {memory >> 20} MiB"));
        await Kubernetes.CoreV1.DeleteNamespaceAsync(crowd);
        Assert.Multiple(() =>
        {
            Assert.That(failed.Select(job => job.GetProperty("status").GetProperty("reason").GetString()), Is.All.EqualTo(nameof(Reason.SourceNotFound)));
            Assert.That(audit.Writes, Is.LessThanOrEqualTo((WritesPerJob * count) + Others), string.Join(", ", audit.Kinds));
            Assert.That(audit.Throttled, Is.Zero);
            Assert.That(ahead, Is.LessThanOrEqualTo(Ahead));
            Assert.That(memory, Is.LessThan(MemoryLimit));
        });
    }

    /// <summary>The part of the audit log from the BackupJob's creation to the controller's first request about it.</summary>
    private string WhileUnseen(string log, string name)
    {
        var lines = log.Split('\n');
        var about = $"\"namespace\":\"{Namespace}\",\"name\":\"{name}\"";
        var mentions = lines.Index().Where(line => line.Item.Contains(about, StringComparison.Ordinal) && line.Item.Contains("\"resource\":\"backupjobs\"", StringComparison.Ordinal)).ToList();
        var seen = mentions.First(line => line.Item.Contains(User, StringComparison.Ordinal)).Index;
        var created = lines.Index().First(line => line.Item.Contains("\"verb\":\"create\"", StringComparison.Ordinal) && line.Item.Contains(about, StringComparison.Ordinal)).Index;
        Assert.That(created, Is.LessThan(seen));
        return string.Join('\n', lines[created..seen]);
    }

    /// <summary>Failed, and let go: nothing more will be written.</summary>
    private async Task<List<JsonElement>> FailedAsync(string ns)
    {
        var list = (JsonElement)await Kubernetes.CustomObjects.ListNamespacedCustomObjectAsync(ApiGroup.Name, ApiGroup.Version, ns, ApiGroup.BackupJobPlural);
        return [.. list.GetProperty("items").EnumerateArray().Where(job => job.TryGetProperty("status", out var status) && status.TryGetProperty("phase", out var phase) && phase.GetString() == BackupPhase.Failed && !job.GetProperty("metadata").TryGetProperty("finalizers", out _))];
    }

    private long PeakMemory() =>
        long.Parse(File.ReadLines($"/proc/{Walle.Controller.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))["VmHWM:".Length..^"kB".Length], CultureInfo.InvariantCulture) << 10;
}
