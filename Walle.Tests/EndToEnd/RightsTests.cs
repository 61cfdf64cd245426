using System.Text.Json;
using System.Text.RegularExpressions;
using k8s;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Architecture.Rbac;
using Walle.Tests.Cluster;

namespace Walle.Tests.EndToEnd;

/// <summary>
/// What the controller may do is what it does. Runs after everything else, so that the API server's audit log holds what a whole run of tests made
/// the controller ask for; by itself it makes it ask for the most.
/// </summary>
[NonParallelizable]
[Order(int.MaxValue)]
public sealed class RightsTests : RestoreEndToEndTest
{
    private const string User = "system:serviceaccount:walle-system:walle-controller";

    [Test]
    public async Task Rights_AreExactlyWhatTheControllerAsksFor()
    {
        await CreateClaimAsync("data");
        await WriteAsync("data", "echo content > file");
        await CreateSecretAsync();
        await CreateScheduleAsync("run", Yearly, """ "selectors": [{}, {"kind": "Pod"}, {"kind": "Deployment"}, {"kind": "StatefulSet"}, {"kind": "DaemonSet"}], "options": {"ttlSecondsAfterFinished": 0} """);
        await RunNowAsync("run");
        await WaitForScheduleAsync("run", HasEnded, "the run has not ended");
        await Eventually(
            async () => ((JsonElement)await Kubernetes.CustomObjects.ListNamespacedCustomObjectAsync("ros.io", "v1", Namespace, "backupjobs")).GetProperty("items").GetArrayLength() == 0,
            BackupDeadline, () => "the BackupJob has not been deleted at the end of its time to live");
        await CreateRestoreAsync("short-lived", FromClaim("data", "copy", new NewClaim()) with { Options = new RestoreOptions { TtlSecondsAfterFinished = 0 } });
        await Eventually(
            async () => ((JsonElement)await Kubernetes.CustomObjects.ListNamespacedCustomObjectAsync("ros.io", "v1", Namespace, "restorejobs")).GetProperty("items").GetArrayLength() == 0,
            BackupDeadline, () => "the RestoreJob has not been deleted at the end of its time to live");

        await AskOfEveryKindAsync();

        var rules = RbacRules.Parse(await Manifests.RenderAsync());
        var asked = AuditLog.Requests(await Cluster.ReadAuditLogAsync(), User);
        // What a namespace's administrator may grant is not the controller's own.
        var hooks = rules.Where(rule => rule.Role == $"ClusterRole {WellKnown.HooksClusterRole}").ToList();
        Assert.That(hooks.Select(rule => $"{rule.Verb} {rule.Resource}"), Is.EquivalentTo(new[] { "get pods/exec", "create pods/exec", "get pods", "get restorejobs" }));
        // Nor are those that users get.
        rules = [.. rules.Except(hooks).Where(rule => rule.Role is not ("ClusterRole walle-view" or "ClusterRole walle-edit"))];
        // kubectl asks about rights in the controller's name in the test below.
        var comparison = RbacComparison.Of([.. asked.Where(request => request.Resource is not ("pods/exec" or "selfsubjectrulesreviews"))], rules, IsForRareMoments);

        Assert.Multiple(() =>
        {
            Assert.That(comparison.Missing, Is.Empty, "asked for, and refused");
            Assert.That(comparison.Unused, Is.Empty, "granted, and never asked for");
            Assert.That(RbacComparison.Dangerous(rules), Is.Empty, "secrets, serviceaccounts, roles, exec, wildcards");
        });
    }

    /// <summary>What <c>kubectl auth can-i --list</c> says of the controller in a namespace without hooks, as a file: whoever adds a right sees it in the diff. TEST_RECORD=1 writes it anew.</summary>
    [Test]
    public async Task CanI_IsAsWrittenDown()
    {
        var list = await HostCommand.RunAsync("kubectl", ["--kubeconfig", Cluster.Kubeconfig, "-n", Namespace, "--as", User, "auth", "can-i", "--list", "--no-headers"]);
        // Columns are two spaces apart at least. What every user may ask about himself, and the health pages, differ from server to server.
        var lines = list.Split('\n').Select(line => Regex.Split(line.TrimEnd(), " {2,}")).Where(columns => columns is [{ Length: > 0 }, ..] && !columns[0].Contains("selfsubject", StringComparison.Ordinal))
            .Select(columns => $"{columns[0]} {columns[^1]}").Order(StringComparer.Ordinal);
        var golden = RepositoryRoot.Combine("Walle.Tests", "Golden", "can-i.txt");
        if (Environment.GetEnvironmentVariable("TEST_RECORD") is not null)
            await File.WriteAllLinesAsync(golden, lines);
        Assert.That(lines, Is.EqualTo(await File.ReadAllLinesAsync(golden)));
    }

    /// <summary>One BackupJob of each kind of workload; that they do not exist is enough to have them asked for.</summary>
    private async Task AskOfEveryKindAsync()
    {
        foreach (var kind in new[] { SourceKind.StatefulSet, SourceKind.DaemonSet })
        {
            await CreateWorkloadBackupAsync(kind.ToLowerInvariant(), kind, "nothing");
            await EndsWithAsync(kind.ToLowerInvariant(), Reason.SourceNotFound, "does not exist");
        }

        await Kubernetes.AppsV1.CreateNamespacedDeploymentAsync(new k8s.Models.V1Deployment
        {
            Metadata = new k8s.Models.V1ObjectMeta { Name = "web" },
            Spec = new k8s.Models.V1DeploymentSpec
            {
                Replicas = 0,
                Selector = new k8s.Models.V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } },
                Template = new k8s.Models.V1PodTemplateSpec
                {
                    Metadata = new k8s.Models.V1ObjectMeta { Labels = new Dictionary<string, string> { ["app"] = "web" } },
                    Spec = new k8s.Models.V1PodSpec { Containers = [new k8s.Models.V1Container { Name = "web", Image = "web" }] },
                },
            },
        }, Namespace);
        await CreateWorkloadBackupAsync("deployment", SourceKind.Deployment, "web");
        await EndsWithAsync("deployment", Reason.NothingToBackUp, "no PersistentVolumeClaim");
    }

    /// <summary>
    /// A Job is read only to adopt it (its create was answered by nobody); the Lease of the election is off in these tests; and a watch stands in the
    /// audit log only when it has ended, minutes later. Groups are made only where the cluster has them: GroupSnapshotTests runs with these rights.
    /// </summary>
    private static bool IsForRareMoments(RbacRule rule) => rule is { Resource: "jobs", Verb: "get" } or { Resource: "leases", Verb: "update" } or { Resource: "volumegroupsnapshots" or "volumegroupsnapshotclasses" } or { Verb: "watch" };
}
