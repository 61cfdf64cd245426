using System.Reflection;
using System.Text.Json;
using k8s;
using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Manifests;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline;

/// <summary>Every field of the options does something: with the field set, what Walle makes differs in the words given. A field without a case fails a test.</summary>
internal sealed class OptionsTests
{
    /// <summary>Field, options with it, what must be in the worker's arguments.</summary>
    private static readonly (string Field, BackupOptions Options, string Words)[] Arguments =
    [
        ("Excludes", new() { Excludes = ["*.tmp", "/var/cache"] }, "--exclude *.tmp --exclude /var/cache"),
        ("ExcludeCaches", new() { ExcludeCaches = true }, "--exclude-caches"),
        ("Tags", new() { Tags = ["pinned", "v2"] }, "--tag pinned --tag v2"),
        ("Compression", new() { Compression = "max" }, "--compression max"),
        ("LimitUploadKiBps", new() { LimitUploadKiBps = 512 }, "--limit-upload 512"),
        ("SkipIfUnchanged", new() { SkipIfUnchanged = true }, "--skip-if-unchanged"),
        ("ChangeDetection", new() { ChangeDetection = "ModificationTime" }, "--ignore-inode"),
        ("FullReadEvery", new() { FullReadEvery = 1 }, "--full-read"),
    ];

    /// <summary>Fields that change the Pod, and what must be in it as JSON.</summary>
    private static readonly (string Field, WorkerOptions Options, string Words)[] PodFields =
    [
        ("Resources", new() { Resources = new WorkerResources { Requests = new() { ["cpu"] = "2" }, Limits = new() { ["memory"] = "3Gi" } } }, """{"limits":{"memory":"3Gi"},"requests":{"cpu":"2"}}"""),
        ("NodeSelector", new() { NodeSelector = new() { ["disk"] = "ssd" } }, """nodeSelector":{"disk":"ssd"}"""),
        ("Tolerations", new() { Tolerations = [JsonElement.Parse("""{"key":"backup","operator":"Exists"}""")] }, """tolerations":[{"key":"backup","operator":"Exists"}]"""),
        ("Affinity", new() { Affinity = JsonElement.Parse("""{"podAffinity":{}}""") }, """affinity":{"podAffinity":{}}"""),
        ("PriorityClassName", new() { PriorityClassName = "low" }, "\"priorityClassName\":\"low\""),
        ("SecurityProfile", new() { SecurityProfile = "Restricted" }, """runAsNonRoot":true"""),
        ("RunAsUser", new() { SecurityProfile = "Restricted", RunAsUser = 77 }, """runAsUser":77"""),
        ("RunAsGroup", new() { SecurityProfile = "Restricted", RunAsGroup = 78 }, """runAsGroup":78"""),
        ("SupplementalGroups", new() { SupplementalGroups = [79] }, """supplementalGroups":[79]"""),
        ("ImagePullSecrets", new() { ImagePullSecrets = [new SecretReference { Name = "regcred" }] }, """imagePullSecrets":[{"name":"regcred"}]"""),
        ("PodLabels", new() { PodLabels = new() { ["team"] = "blue" } }, "\"team\":\"blue\""),
        ("PodAnnotations", new() { PodAnnotations = new() { ["note"] = "b" } }, """annotations":{"note":"b"}"""),
    ];

    /// <summary>Fields with a test of their own, by the place where it is.</summary>
    private static readonly string[] Elsewhere =
    [
        nameof(BackupOptions.VolumeSnapshotClassName), nameof(BackupOptions.SnapshotTimeoutSeconds), nameof(BackupOptions.BindTimeoutSeconds), nameof(BackupOptions.StartTimeoutSeconds),
        nameof(BackupOptions.ActiveDeadlineSeconds), nameof(BackupOptions.RetryLimit), nameof(BackupOptions.TtlSecondsAfterFinished), nameof(BackupOptions.CloneVolume), nameof(BackupOptions.AllowEmpty), nameof(BackupOptions.Worker),
    ];

    public static WorkerOptions EveryWorkerOption() => PodFields.Aggregate(new WorkerOptions(), (all, field) =>
    {
        var property = typeof(WorkerOptions).GetProperty(field.Field)!;
        var copy = all with { };
        property.SetValue(copy, property.GetValue(field.Options));
        return copy;
    });

    [Test]
    public void No_field_is_forgotten()
    {
        Assert.That(Arguments.Select(field => field.Field).Concat(Elsewhere), Is.EquivalentTo(Names<BackupOptions>()));
        Assert.That(PodFields.Select(field => field.Field), Is.EquivalentTo(Names<WorkerOptions>()));
        Assert.That(Names<CloneOptions>(), Is.EquivalentTo(new[] { "StorageClassName", "AccessModes", "Size" }), "see The_clone_is_made_as_told");
        Assert.That(Names<RepositorySpec>(), Is.EquivalentTo(new[] { "SecretRef", "Volume", "Initialize" }), "see ManifestRulesTests and InitializationTests");
    }

    [TestCaseSource(nameof(Arguments))]
    public void Reaches_the_worker((string Field, BackupOptions Options, string Words) field)
    {
        Assert.That(ArgumentsWith(field.Options), Does.Contain(field.Words));
        Assert.That(ArgumentsWith(new BackupOptions()), Does.Not.Contain(field.Words));
    }

    [TestCaseSource(nameof(PodFields))]
    public void Reaches_the_Pod((string Field, WorkerOptions Options, string Words) field)
    {
        Assert.That(TemplateWith(field.Options), Does.Contain(field.Words));
        Assert.That(TemplateWith(new WorkerOptions()), Does.Not.Contain(field.Words));
    }

    [Test]
    public void The_clone_is_made_as_told()
    {
        var clone = ClonePvcManifest.Build(Stage.Cloning().WithOptions(new BackupOptions { CloneVolume = new CloneOptions { StorageClassName = "shallow", AccessModes = ["ReadOnlyMany"], Size = "77Gi" } }), "s", "77Gi");
        Assert.That(clone.Spec, Has.Property("StorageClassName").EqualTo("shallow").And.Property("AccessModes").EqualTo(new[] { "ReadOnlyMany" }));
        Assert.That(ClonePvcManifest.Build(Stage.Cloning(), "s", "1Gi").Spec, Has.Property("StorageClassName").EqualTo(A.StorageClass).And.Property("AccessModes").EqualTo(new[] { "ReadWriteOnce" }));
        Assert.That(ClonePvcManifest.Size(Stage.Cloning().WithOptions(new BackupOptions { CloneVolume = new CloneOptions { Size = "77Gi" } })), Is.EqualTo("77Gi"));
    }

    [Test]
    public void volumeSnapshotClassName_is_taken()
    {
        var named = Stage.Fresh().WithOptions(new BackupOptions { VolumeSnapshotClassName = "other" }) with { SnapshotClasses = [new SnapshotClassFacts("std", A.Driver, true), new SnapshotClassFacts("other", A.Driver, false)] };
        Assert.That(Expect.Acts<PipelineAction.CreateSnapshot>(named.Stored()).Manifest["spec"]!["volumeSnapshotClassName"]!.GetValue<string>(), Is.EqualTo("other"));
    }

    private static IEnumerable<TestCaseData> Timeouts()
    {
        yield return new TestCaseData(Stage.Snapshotting() with { Snapshot = A.Snapshot() }, new BackupOptions { SnapshotTimeoutSeconds = 40 }).SetName("snapshotTimeoutSeconds_is_obeyed");
        yield return new TestCaseData(Stage.Cloning() with { CloneClaim = A.CloneClaim() }, new BackupOptions { BindTimeoutSeconds = 40 }).SetName("bindTimeoutSeconds_is_obeyed");
        yield return new TestCaseData(Stage.Started(), new BackupOptions { StartTimeoutSeconds = 40 }).SetName("startTimeoutSeconds_is_obeyed");
        yield return new TestCaseData(Stage.Uploading(), new BackupOptions { ActiveDeadlineSeconds = 40 }).SetName("activeDeadlineSeconds_is_obeyed");
    }

    [TestCaseSource(nameof(Timeouts))]
    public void A_timeout(object stage, BackupOptions options)
    {
        var observation = ((BackupObservation)stage).WithOptions(options);
        Assert.That(BackupResult.IsKnown(observation.After(TimeSpan.FromSeconds(39)).Decide().Status), Is.False);
        Assert.That(BackupResult.IsKnown(observation.After(TimeSpan.FromSeconds(40)).Decide().Status));
        Assert.That(BackupResult.IsKnown(((BackupObservation)stage).After(TimeSpan.FromSeconds(40)).Decide().Status), Is.False);
    }

    [Test]
    public void allowEmpty_drops_the_expectation_of_files()
    {
        Assert.That(ArgumentsWith(new BackupOptions()), Does.Contain("--expect-files"));
        Assert.That(ArgumentsWith(new BackupOptions { AllowEmpty = true }), Does.Not.Contain("--expect-files"));
    }

    [Test]
    public void The_profile_Auto_follows_the_namespace_and_the_others_do_not()
    {
        Assert.That(Restricted(null, true));
        Assert.That(Restricted("Auto", false), Is.False);
        Assert.That(Restricted("Baseline", true), Is.False);
        Assert.That(Restricted("Restricted", false));

        static bool Restricted(string? profile, bool enforced) =>
            WorkerSecurity.IsRestricted(Stage.Fresh(A.BackupJob().WithWorker(new WorkerOptions { SecurityProfile = profile })) with { NamespaceIsRestricted = enforced });
    }

    [Test]
    public void A_restricted_worker_is_the_workloads_own_user_and_never_root()
    {
        var restricted = Stage.Fresh() with { NamespaceIsRestricted = true };
        var workload = WorkerSecurity.Pod(restricted with { WorkloadIdentity = new WorkloadIdentity(999, 1000, [2000]) });
        Assert.That(workload, Has.Property("RunAsUser").EqualTo(999).And.Property("RunAsGroup").EqualTo(1000).And.Property("SupplementalGroups").EqualTo(new long?[] { 2000 }));
        Assert.That(WorkerSecurity.Pod(restricted with { WorkloadIdentity = new WorkloadIdentity(0, null, []) }), Has.Property("RunAsUser").EqualTo(65534).And.Property("RunAsGroup").EqualTo(65534));
    }

    [Test]
    public void The_plain_command_line()
    {
        var volume = Stage.Starting().Job.Status!.Volumes![0];
        Assert.That(string.Join(' ', WorkerArguments.Backup(Stage.Starting(), volume)), Is.EqualTo(
            $"backup --host prod-1 --path /walle/shop/data --time 2026-11-22T12:00:02Z --retry-lock 30s --compression auto --tag walle --tag uid={A.Uid} --tag job=before-upgrade --tag pvc-uid={A.ClaimUid} --tag class=fast --tag size=10Gi"));
    }

    [Test]
    public void The_schedule_is_a_tag_and_the_last_backup_the_parent()
    {
        var scheduled = A.BackupJob().WithMetadata(metadata => metadata with { Labels = new() { ["ros.io/schedule"] = "nightly" } }).WithStatus(Stage.Starting().Job.Status);
        var observation = Stage.Starting() with { Job = scheduled, Previous = Previous };
        Assert.That(string.Join(' ', WorkerArguments.Backup(observation, scheduled.Build().Status!.Volumes![0])), Does.Contain($"--parent {A.OldSnapshotId} --expect-files").And.Contain("--tag schedule=nightly"));
    }

    private static PreviousBackup Previous => new(new VolumeStatus { ResticSnapshotId = A.OldSnapshotId, FilesUnmodified = 5, RunsSinceFullRead = 3 });

    private static string ArgumentsWith(BackupOptions options)
    {
        // From before the announcement, as what it decides (change detection) is kept in the status.
        var observation = (Stage.Cloning(A.BackupJob().WithOptions(options)) with { CloneClaim = A.CloneClaim().Bound(), Previous = Previous }).Stored();
        return string.Join(' ', WorkerArguments.Backup(observation, observation.Job.Status!.Volumes![0]));
    }

    private static string TemplateWith(WorkerOptions options) => KubernetesJson.Serialize(WorkerJobManifest.Init(Stage.Fresh(A.BackupJob().WithWorker(options))).Spec.Template);

    private static IEnumerable<string> Names<T>() => typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).Select(property => property.Name);
}
