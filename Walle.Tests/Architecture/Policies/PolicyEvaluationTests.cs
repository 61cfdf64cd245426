using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Tests.Cluster;

namespace Walle.Tests.Architecture.Policies;

/// <summary>What the policies of manifests/policies let in, and what not.</summary>
internal sealed class PolicyEvaluationTests
{
    private const string Hooks = "hook-annotations.yaml";
    private const string Secrets = "repository-secrets.yaml";
    private const string Limits = "controller-limits.yaml";
    private const string Controller = "system:serviceaccount:walle-system:walle-controller";
    private const string Tenant = "jane";

    [TestCase("BackupJob")]
    [TestCase("BackupSchedule")]
    [TestCase("RestoreJob")]
    public async Task Secret_ThatTheUserMayNotRead_CannotBeNamed(string kind)
    {
        var named = Repository(kind, "other");
        Assert.That(await AdmissionPolicies.RefusalAsync(Secrets, Tenant, named), Does.Contain("Secret other").And.Contains("namespace shop"));
        Assert.That(await AdmissionPolicies.RefusalAsync(Secrets, Tenant, named, rights: "get secrets shop mine"), Is.Not.Null, "the right to read another one is not enough");
        Assert.That(await AdmissionPolicies.RefusalAsync(Secrets, Tenant, named, rights: "get secrets shop other"), Is.Null);
        Assert.That(await AdmissionPolicies.RefusalAsync(Secrets, Tenant, named, rights: "get secrets shop"), Is.Null);
        Assert.That(await AdmissionPolicies.RefusalAsync(Secrets, Controller, named), Is.Null, "what the schedule names has been looked at");
    }

    [Test]
    public async Task SecretForMaintenance_IsLookedAt_Too()
    {
        var named = Repository("BackupSchedule", "mine", "theirs");
        Assert.That(await AdmissionPolicies.RefusalAsync(Secrets, Tenant, named, rights: "get secrets shop mine"), Does.Contain("maintenanceSecretRef").And.Contains("theirs"));
        Assert.That(await AdmissionPolicies.RefusalAsync(Secrets, Tenant, named, rights: ["get secrets shop mine", "get secrets shop theirs"]), Is.Null);
    }

    [Test]
    public async Task Edit_ThatLeavesTheSecretAlone_NeedsNoRightToIt()
    {
        Assert.That(await AdmissionPolicies.RefusalAsync(Secrets, Tenant, Repository("BackupSchedule", "other", "theirs"), Repository("BackupSchedule", "other", "theirs")), Is.Null);
        Assert.That(await AdmissionPolicies.RefusalAsync(Secrets, Tenant, Repository("BackupSchedule", "other"), Repository("BackupSchedule", "mine")), Is.Not.Null);
    }

    [Test]
    public async Task HookAnnotation_NeedsWhatExecNeeds()
    {
        var hooked = Annotated("ros.io/before-backup", "rm -rf /");
        Assert.That(await AdmissionPolicies.RefusalAsync(Hooks, Tenant, hooked), Does.Contain("pods/exec"));
        Assert.That(await AdmissionPolicies.RefusalAsync(Hooks, Tenant, hooked, rights: "create pods/exec shop"), Is.Null);
        Assert.That(await AdmissionPolicies.RefusalAsync(Hooks, Tenant, hooked, rights: "create pods/exec other"), Is.Not.Null);
        Assert.That(await AdmissionPolicies.RefusalAsync(Hooks, Tenant, hooked, Annotated("ros.io/before-backup", "sync")), Is.Not.Null, "a command is changed");
        Assert.That(await AdmissionPolicies.RefusalAsync(Hooks, Tenant, hooked, hooked), Is.Null, "nothing is changed");
        Assert.That(await AdmissionPolicies.RefusalAsync(Hooks, Tenant, Annotated("other", "x"), hooked), Is.Null, "one is taken away");
        Assert.That(await AdmissionPolicies.RefusalAsync(Hooks, Tenant, Annotated("ros.io/backup", "false")), Is.Null, "it runs nothing");
        Assert.That(await AdmissionPolicies.RefusalAsync(Hooks, "system:serviceaccount:kube-system:statefulset-controller", hooked), Is.Null, "copied from a template that was looked at");
    }

    [TestCase("StatefulSet")]
    [TestCase("Deployment")]
    [TestCase("DaemonSet")]
    public async Task HookAnnotationOfAPodTemplate_IsLookedAt_Too(string kind)
    {
        var workload = JsonNode.Parse($$"""{"kind": "{{kind}}", "metadata": {"name": "db"}, "spec": {"template": {"metadata": {"annotations": {"ros.io/backup-command": "cat /etc/shadow"} } } } }""")!;
        Assert.That(await AdmissionPolicies.RefusalAsync(Hooks, Tenant, workload), Does.Contain("pods/exec"));
        Assert.That(await AdmissionPolicies.RefusalAsync(Hooks, Tenant, workload, rights: "create pods/exec shop"), Is.Null);
    }

    [TestCase("backup-baseline.yaml")]
    [TestCase("backup-restricted.yaml")]
    [TestCase("init.yaml")]
    public async Task WorkerJob_AsItIsMade_IsLetIn(string golden) => Assert.That(await AdmissionPolicies.RefusalAsync(Limits, Controller, Job(golden)), Is.Null);

    [Test]
    public async Task UnlockJob_HasTheHostNameOfTheDeadWorker_AndNoOtherMayHaveOne()
    {
        var job = Job("init.yaml");
        job["spec"]!["template"]!["spec"]!["hostname"] = "dead";
        Assert.That(await AdmissionPolicies.RefusalAsync(Limits, Controller, job), Does.Contain("host name"));
        job["metadata"]!["labels"]!["ros.io/verb"] = "unlock";
        Assert.That(await AdmissionPolicies.RefusalAsync(Limits, Controller, job), Is.Null);
    }

    [TestCase("owner", "belongs to an object of ros.io")]
    [TestCase("token", "no token")]
    [TestCase("network", "nothing of the host")]
    [TestCase("hostPath", "mounts nothing of the host")]
    [TestCase("privileged", "drops all capabilities")]
    [TestCase("capability", "drops all capabilities")]
    [TestCase("init", "drops all capabilities")]
    public async Task JobThatWalleNeverMakes_IsRefused_ToTheController(string what, string told)
    {
        var job = Job("backup-baseline.yaml");
        var pod = job["spec"]!["template"]!["spec"]!;
        switch (what)
        {
            case "owner":
                job["metadata"]!["ownerReferences"]![0]!["apiVersion"] = "batch/v1";
                break;
            case "token":
                pod["automountServiceAccountToken"] = true;
                break;
            case "network":
                pod["hostNetwork"] = true;
                break;
            case "hostPath":
                pod["volumes"]!.AsArray().Add(JsonNode.Parse("""{"name": "etc", "hostPath": {"path": "/etc"} }"""));
                break;
            case "privileged":
                pod["containers"]![0]!["securityContext"]!["privileged"] = true;
                break;
            case "capability":
                pod["containers"]![0]!["securityContext"]!["capabilities"]!["add"]!.AsArray().Add("SYS_ADMIN");
                break;
            default:
                pod["initContainers"] = JsonNode.Parse("""[{"name": "sneaky", "image": "x"}]""");
                break;
        }

        Assert.That(await AdmissionPolicies.RefusalAsync(Limits, Controller, job), Does.Contain(told));
        Assert.That(await AdmissionPolicies.RefusalAsync(Limits, Tenant, job), Is.Null, "what others may do is others' affair");
    }

    [Test]
    public async Task Claim_OfTheController_IsACloneOrATarget()
    {
        Assert.That(await AdmissionPolicies.RefusalAsync(Limits, Controller, Golden<V1PersistentVolumeClaim>("clone.yaml")), Is.Null);
        var bare = JsonNode.Parse("""{"kind": "PersistentVolumeClaim", "metadata": {"name": "x"}, "spec": {} }""")!;
        Assert.That(await AdmissionPolicies.RefusalAsync(Limits, Controller, bare), Does.Contain("VolumeSnapshot"));
        bare["metadata"]!["annotations"] = new JsonObject { ["ros.io/restore-uid"] = "u" };
        Assert.That(await AdmissionPolicies.RefusalAsync(Limits, Controller, bare), Is.Null);
    }

    [Test]
    public async Task Deletion_ByTheController_IsOfWhatBelongsToIt()
    {
        var clone = Golden<V1PersistentVolumeClaim>("clone.yaml");
        Assert.That(await AdmissionPolicies.RefusalAsync(Limits, Controller, null, clone), Is.Null);
        var spoofed = clone.DeepClone();
        spoofed["metadata"]!.AsObject().Remove("ownerReferences");
        Assert.That(await AdmissionPolicies.RefusalAsync(Limits, Controller, null, spoofed), Does.Contain("deletes only"), "our label alone is not enough");
        Assert.That(await AdmissionPolicies.RefusalAsync(Limits, Controller, null, JsonNode.Parse("""{"kind": "PersistentVolumeClaim", "metadata": {"name": "data"} }""")), Does.Contain("deletes only"));
    }

    private static JsonObject Repository(string kind, string secret, string? maintenance = null)
    {
        var repository = new JsonObject { ["secretRef"] = new JsonObject { ["name"] = secret } };
        if (maintenance is not null)
            repository["maintenanceSecretRef"] = new JsonObject { ["name"] = maintenance };
        return new JsonObject { ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = "x" }, ["spec"] = new JsonObject { ["repository"] = repository } };
    }

    private static JsonObject Annotated(string name, string value) =>
        new JsonObject { ["kind"] = "Pod", ["metadata"] = new JsonObject { ["name"] = "db-0", ["annotations"] = new JsonObject { [name] = value } } };

    private static JsonNode Job(string golden) => Golden<V1Job>(golden);

    private static JsonNode Golden<T>(string file) =>
        JsonNode.Parse(KubernetesJson.Serialize(KubernetesYaml.Deserialize<T>(File.ReadAllText(RepositoryRoot.Combine("Walle.Tests", "Golden", "Manifests", file)))))!;
}
