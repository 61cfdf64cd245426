using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Manifests;
using Walle.Crds;
using Walle.Crds.Contracts;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline;

/// <summary>What must hold for every worker, whatever the options are.</summary>
internal sealed class ManifestRulesTests
{
    private static IEnumerable<TestCaseData> Jobs()
    {
        var starting = Stage.Starting();
        foreach (var (name, observation) in new[]
        {
            ("Baseline", starting),
            ("Restricted", starting with { NamespaceIsRestricted = true, WorkloadIdentity = new WorkloadIdentity(999, 999, [2000]) }),
            ("Every_option", starting with { Job = A.BackupJob().WithWorker(OptionsTests.EveryWorkerOption()).WithStatus(starting.Job.Status) }),
        })
        {
            yield return new TestCaseData(WorkerJobManifest.Backup(observation, observation.Job.Status!.Volumes![0], 1, 60)).SetArgDisplayNames($"backup {name}");
            yield return new TestCaseData(WorkerJobManifest.Init(observation)).SetArgDisplayNames($"init {name}");
        }
    }

    [Test]
    public void No_argument_is_taken_for_a_variable_by_kubelet()
    {
        var starting = Stage.Starting(A.BackupJob().WithOptions(new BackupOptions { Excludes = ["$(RESTIC_PASSWORD)", "$HOME", "a$$b"] }));
        var args = WorkerJobManifest.Backup(starting, starting.Job.Status!.Volumes![0], 1, 60).Spec.Template.Spec.Containers[0].Args;
        Assert.That(args, Is.SupersetOf(new[] { "$$(RESTIC_PASSWORD)", "$$HOME", "a$$$$b" }), "kubelet makes one dollar sign of two");
    }

    [Test]
    public void A_repository_on_a_volume_is_mounted_and_named_to_the_worker()
    {
        BackupJob job = A.BackupJob();
        var starting = Stage.Starting(job with { Spec = job.Spec with { Repository = job.Spec.Repository with { Volume = new RepositoryVolume { ClaimName = "nas" } } } });
        foreach (var manifest in new[] { WorkerJobManifest.Backup(starting, starting.Job.Status!.Volumes![0], 1, 60), WorkerJobManifest.Init(starting) })
        {
            var pod = manifest.Spec.Template.Spec;
            Assert.That(pod.Volumes.Single(volume => volume.Name == "repository").PersistentVolumeClaim.ClaimName, Is.EqualTo("nas"));
            Assert.That(pod.Containers[0].VolumeMounts.Single(mount => mount.Name == "repository"), Has.Property("MountPath").EqualTo("/repository").And.Property("ReadOnlyProperty").Null);
            Assert.That(string.Join(' ', pod.Containers[0].Args), Does.EndWith("--repository-root /repository"));
        }
    }

    [TestCaseSource(nameof(Jobs))]
    public void No_ownership_is_changed_and_no_host_is_shared(object manifest)
    {
        var pod = ((V1Job)manifest).Spec.Template.Spec;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(pod.SecurityContext.FsGroup, Is.Null, "kubelet's walk changes every ctime");
            Assert.That(pod, Has.Property("HostNetwork").Null.And.Property("HostPID").Null.And.Property("HostIPC").Null);
            Assert.That(pod, Has.Property("Hostname").Null.And.Property("Subdomain").Null, "two Pods with one host name can delete a live lock");
            Assert.That(pod.Volumes, Has.All.Property("HostPath").Null);
            Assert.That(pod, Has.Property("RestartPolicy").EqualTo("Never").And.Property("AutomountServiceAccountToken").False.And.Property("EnableServiceLinks").False);
            Assert.That(pod.ServiceAccountName, Is.Null);
            Assert.That(((V1Job)manifest).Spec.BackoffLimit, Is.Zero);
        }
    }

    [TestCaseSource(nameof(Jobs))]
    public void The_container_is_shut_in(object manifest)
    {
        var pod = ((V1Job)manifest).Spec.Template.Spec;
        var context = pod.Containers.Single().SecurityContext;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(pod.SecurityContext.SeccompProfile.Type, Is.EqualTo("RuntimeDefault"));
            Assert.That(context, Has.Property("AllowPrivilegeEscalation").False.And.Property("Privileged").False.And.Property("ReadOnlyRootFilesystem").True);
            Assert.That(context.Capabilities.Drop, Is.EqualTo(new[] { "ALL" }));
            Assert.That(context.Capabilities.Add ?? [], Is.SubsetOf(new[] { "DAC_OVERRIDE" }));
            Assert.That(pod.SecurityContext.RunAsUser == 0, Is.EqualTo(pod.SecurityContext.RunAsNonRoot != true));
        }
    }

    [TestCaseSource(nameof(Jobs))]
    public void Credentials_come_by_an_allow_list_of_keys(object manifest)
    {
        var pod = ((V1Job)manifest).Spec.Template.Spec;
        var container = pod.Containers.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(container.EnvFrom, Is.Null.Or.Empty, "every key of the Secret would become a variable");
            Assert.That(container.Env, Has.All.Property("Value").Null);
            Assert.That(container.Env.Select(variable => variable.Name), Is.EquivalentTo(CredentialVariables.Required.Concat(CredentialVariables.Optional)));
            Assert.That(container.Env.Where(variable => variable.ValueFrom.SecretKeyRef.Optional != true).Select(variable => variable.Name), Is.EquivalentTo(new[] { "RESTIC_REPOSITORY", "RESTIC_PASSWORD" }));
            Assert.That(container.Env, Has.All.Matches<V1EnvVar>(variable => variable.ValueFrom.SecretKeyRef.Name == A.Secret && variable.ValueFrom.SecretKeyRef.Key == variable.Name));
            Assert.That(container.Env.Select(variable => variable.Name), Has.None.Match("_COMMAND|_FILE|^LD_"));
            var files = pod.Volumes.Single(volume => volume.Secret is not null).Secret;
            Assert.That(files.Optional, Is.True);
            Assert.That(files.Items.Select(item => item.Key), Is.EquivalentTo(CredentialFiles.Keys), "without items every key would become a file");
            Assert.That(container.Args, Has.None.Contains(A.Secret).And.None.Contains("PASSWORD"));
            Assert.That(container.Command, Is.Null);
        }
    }

    [TestCaseSource(nameof(Jobs))]
    public void Only_scratch_volumes_can_be_written(object manifest)
    {
        var pod = ((V1Job)manifest).Spec.Template.Spec;
        Assert.That(pod.Containers.Single().VolumeMounts.Where(mount => mount.ReadOnlyProperty != true).Select(mount => mount.MountPath), Is.EquivalentTo(new[] { "/cache", "/tmp" }));
        Assert.That(pod.Volumes.Where(volume => volume.PersistentVolumeClaim is not null), Has.All.Matches<V1Volume>(volume => volume.PersistentVolumeClaim.ReadOnlyProperty == true));
    }

    [TestCaseSource(nameof(Jobs))]
    public void It_is_found_by_its_labels_and_told_apart_by_its_owner(object manifest)
    {
        var job = (V1Job)manifest;
        var owner = job.Metadata.OwnerReferences.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(owner, Has.Property("Uid").EqualTo(A.Uid).And.Property("Controller").True.And.Property("BlockOwnerDeletion").False.And.Property("Kind").EqualTo("BackupJob").And.Property("ApiVersion").EqualTo("ros.io/v1"));
            foreach (var labels in new[] { job.Metadata.Labels, job.Spec.Template.Metadata.Labels })
            {
                Assert.That(labels[WellKnown.OwnerUidLabel], Is.EqualTo(A.Uid));
                Assert.That(labels[WellKnown.ManagedByLabel], Is.EqualTo("walle"));
                Assert.That(labels[WellKnown.VerbLabel], Is.AnyOf("backup", "init"));
                Assert.That(labels.Values, Has.All.Length.LessThanOrEqualTo(63));
            }

            Assert.That(job.Metadata.Name, Has.Length.LessThanOrEqualTo(57), "its Pods get six more characters, and their names are host names");
        }
    }

    [Test]
    public void Walles_own_labels_win()
    {
        var stolen = new WorkerOptions { PodLabels = new Dictionary<string, string> { [WellKnown.OwnerUidLabel] = "x", [WellKnown.ManagedByLabel] = "x", [WellKnown.VerbLabel] = "x" } };
        var labels = WorkerJobManifest.Init(Stage.Fresh(A.BackupJob().WithWorker(stolen))).Spec.Template.Metadata.Labels;
        Assert.That(labels.Values, Has.None.EqualTo("x"));
    }

    [Test]
    public void A_name_of_253_characters_fits()
    {
        var name = new string('a', 253);
        var observation = Stage.Fresh(A.BackupJob().WithMetadata(metadata => metadata with { Name = name }).WithSource(new BackupSource { Name = name })) with { Source = A.Claim().With(claim => claim with { Name = claim.Name with { Name = name } }) };
        var job = Expect.Acts<PipelineAction.CreateSnapshot>(observation.Stored()).Manifest;
        Assert.That(job["metadata"]!["name"]!.GetValue<string>(), Has.Length.LessThanOrEqualTo(63));
        Assert.That(job["metadata"]!["labels"]!.AsObject().Select(label => label.Value!.GetValue<string>()), Has.All.Length.LessThanOrEqualTo(63));
    }

    [Test]
    public void The_manifest_of_a_restricted_namespace_is_admitted_there()
    {
        var pod = WorkerJobManifest.Init(Stage.Fresh() with { NamespaceIsRestricted = true }).Spec.Template.Spec;
        Assert.That(KubernetesJson.Serialize(pod), Does.Contain("\"runAsNonRoot\":true").And.Contain("\"runAsUser\":65534").And.Not.Contain("DAC_OVERRIDE"));
    }
}
