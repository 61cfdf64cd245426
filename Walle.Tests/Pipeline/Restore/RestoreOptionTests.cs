using k8s;
using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Manifests;
using Walle.Controller.Pipeline.Restore;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline.Restore;

/// <summary>Every field of a RestoreJob does something.</summary>
internal sealed class RestoreOptionTests
{
    private const string Common = "--host prod-1 --namespace shop --retry-lock 30s";
    private const string Owner = $"--owner shop/undo/{A.Uid}";

    private static IEnumerable<TestCaseData> Lines()
    {
        yield return Line("the_least", spec => spec, $"restore {Common} --source-path /walle/shop/data {Owner} --overwrite never --verify");
        yield return Line("asOf", spec => spec with { Source = new RestoreSource { ClaimName = "data", AsOf = A.Noon.AddHours(1) } }, "--source-path /walle/shop/data --as-of 2026-11-22T13:00:00Z");
        yield return Line("previous", spec => spec with { Source = new RestoreSource { ClaimName = "data", Previous = 2 } }, "--source-path /walle/shop/data --previous 2");
        yield return Line("namespace", spec => spec with { Source = new RestoreSource { ClaimName = "data", Namespace = "blog" } }, "--source-path /walle/blog/data");
        yield return Line("cluster", spec => spec with { Source = new RestoreSource { ClaimName = "data", Cluster = "old" } }, "--source-host old --source-path /walle/shop/data");
        yield return Line("snapshotId", spec => spec with { Source = new RestoreSource { SnapshotId = "0123abcd" } }, $"{Common} --snapshot 0123abcd {Owner}");
        yield return Line("dump", spec => spec with { Source = new RestoreSource { Dump = "db/pg.dump" } }, "--source-path /walle_shop_db_pg.dump");
        yield return Line("dump_of_any_workload", spec => spec with { Source = new RestoreSource { Dump = "pg.dump" } }, "--source-path /walle_shop_*_pg.dump");
        yield return Line("include", spec => spec with { Include = ["/etc", "*.conf"] }, "--include /etc --include *.conf");
        yield return Line("exclude", spec => spec with { Exclude = ["*.tmp"] }, "--exclude *.tmp");
        yield return Line("overwrite_IfChanged", spec => spec with { Overwrite = OverwriteMode.IfChanged }, "--overwrite if-changed");
        yield return Line("overwrite_Always_deleteExtra", spec => spec with { Overwrite = OverwriteMode.Always, DeleteExtra = true }, "--overwrite always --delete-extra --verify");
        yield return Line("limitDownload", spec => spec with { Options = new RestoreOptions { LimitDownloadKiBps = 300 } }, "--limit-download 300");
    }

    [TestCaseSource(nameof(Lines))]
    public void Is_on_the_workers_line(RestoreJob job, string line) =>
        Assert.That(string.Join(' ', RestoreArguments.Restore(RestoreStage.Fresh(job))), Does.Contain(line));

    [Test]
    public void Verify_false_is_obeyed() =>
        Assert.That(RestoreArguments.Restore(RestoreStage.Fresh(RestoreStage.Job(spec => spec with { Verify = false }))), Does.Not.Contain("--verify"));

    [Test]
    public void Deadlines_are_obeyed()
    {
        static RestoreJob With(RestoreOptions options, NewClaim? create = null) => create is null ? RestoreStage.Job(spec => spec with { Options = options }) : RestoreStage.Making(create, spec => spec with { Options = options });
        Assert.That(Told(RestoreStage.Restoring(With(new RestoreOptions { ActiveDeadlineSeconds = 40 })).Stored(), 41), Is.EqualTo(nameof(Reason.DeadlineExceeded)));
        Assert.That(Told(RestoreStage.Starting(With(new RestoreOptions { StartTimeoutSeconds = 40 })) with { Jobs = [RestoreStage.Restore()] }, 41), Is.EqualTo(nameof(Reason.StartTimeout)));
        Assert.That(Told((RestoreStage.Creating(With(new RestoreOptions { BindTimeoutSeconds = 40 }, new NewClaim())) with { Target = RestoreStage.Made }).Stored(), 41), Is.EqualTo(nameof(Reason.TargetNotBound)));
        var once = RestoreStage.Restoring(With(new RestoreOptions { RetryLimit = 0 })).Stored().WithPod(RestoreStage.Restore(), RestoreStage.Restore().Pod().Failed(1, Reason.RepositoryUnreachable));
        Assert.That(RestoreResult.IsKnown(once.Decide().Status));
    }

    [Test]
    public void A_time_to_live_ends_in_a_deletion()
    {
        var job = RestoreStage.Job(spec => spec with { Options = new RestoreOptions { TtlSecondsAfterFinished = 60 } });
        var ended = RestoreStage.Restoring(job).Stored().WithPod(RestoreStage.Restore(), RestoreStage.Restore().Pod().Ended(0, RestoreStage.Json(RestoreStage.Restored), "Completed")).Stored();
        var clean = (ended with { Jobs = [], Pods = [], ConfirmedGone = true }).Stored();
        clean = clean with { Job = clean.Job with { Metadata = clean.Job.Metadata with { Finalizers = null } } };
        Assert.That(clean.Decide().Action, Is.Null);
        Assert.That(clean.After(TimeSpan.FromSeconds(61)).Decide().Action, Is.InstanceOf<PipelineAction.DeleteRestoreJob>());
    }

    [Test]
    public void The_workers_Pod_is_as_the_options_say()
    {
        var worker = new WorkerOptions { PriorityClassName = "low", PodLabels = new() { ["team"] = "shop" }, PodAnnotations = new() { ["note"] = "x" }, ImagePullSecrets = [new SecretReference { Name = "registry" }] };
        var pod = RestoreJobManifest.Restore(RestoreStage.Starting(RestoreStage.Job(spec => spec with { Options = new RestoreOptions { Worker = worker } })), 1, 100).Spec.Template;
        Assert.That((pod.Spec.PriorityClassName, pod.Metadata.Labels["team"], pod.Metadata.Annotations["note"], pod.Spec.ImagePullSecrets[0].Name), Is.EqualTo(("low", "shop", "x", "registry")));
    }

    [Test]
    public void A_Baseline_worker_may_give_files_back_to_their_owners_and_make_no_device()
    {
        var container = RestoreJobManifest.Restore(RestoreStage.Starting(), 1, 100).Spec.Template.Spec.Containers[0];
        Assert.That(container.SecurityContext.Capabilities.Add, Is.EquivalentTo(new[] { "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETFCAP" }));
        Assert.That(container.SecurityContext.Capabilities.Drop, Is.EqualTo(new[] { "ALL" }));
        Assert.That(container.VolumeMounts.Single(mount => mount.MountPath == "/target").ReadOnlyProperty, Is.Not.True);
        Assert.That(container.Env.Single(variable => variable.Name == "WALLE_RESTORE_NAMESPACES").ValueFrom.SecretKeyRef.Optional, Is.True);
    }

    [Test]
    public void A_Restricted_worker_runs_as_the_user_that_is_named_and_gets_into_the_volume_by_its_group()
    {
        var job = RestoreStage.Job(spec => spec with { Options = new RestoreOptions { Worker = new WorkerOptions { RunAsUser = 999, RunAsGroup = 998 } } });
        var pod = RestoreJobManifest.Restore(RestoreStage.Starting(job) with { NamespaceIsRestricted = true }, 1, 100).Spec.Template.Spec;
        Assert.That((pod.SecurityContext.RunAsUser, pod.SecurityContext.FsGroup, pod.SecurityContext.RunAsNonRoot), Is.EqualTo(((long?)999, (long?)998, (bool?)true)));
        Assert.That(pod.Containers[0].SecurityContext.Capabilities.Add, Is.Null);
    }

    [Test]
    public void A_plan_mounts_no_volume_and_needs_no_capability()
    {
        var pod = RestoreJobManifest.Plan(RestoreStage.Fresh(RestoreStage.Making()).Stored(), 1, 100).Spec.Template.Spec;
        Assert.That(string.Join(' ', pod.Containers[0].Args), Is.EqualTo($"plan {Common} --source-path /walle/shop/data"));
        Assert.That(pod.Volumes.Select(volume => volume.PersistentVolumeClaim), Is.All.Null);
        Assert.That(pod.Containers[0].SecurityContext.Capabilities.Add, Is.Null);
    }

    [Test]
    public void No_credential_and_no_token_is_in_the_manifest()
    {
        var manifest = RestoreJobManifest.Restore(RestoreStage.Starting(), 1, 100);
        Assert.That(manifest.Spec.Template.Spec.AutomountServiceAccountToken, Is.False);
        Assert.That(KubernetesJson.Serialize(manifest), Does.Not.Contain("stringData").And.Not.Contain("envFrom"));
    }

    private static string? Told(RestoreObservation observation, int seconds) => observation.After(TimeSpan.FromSeconds(seconds)).Decide().Status.Reason;

    private static TestCaseData Line(string name, Func<RestoreJobSpec, RestoreJobSpec> change, string line) => new TestCaseData(RestoreStage.Job(change), line).SetName($"Is_on_the_workers_line_{name}");
}
