using System.Diagnostics.Metrics;
using NUnit.Framework;
using Walle.Controller.Controllers;
using Walle.Controller.Informers;
using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Fakes;

namespace Walle.Tests.Controllers;

internal sealed class BackupMetricsTests
{
    private readonly JobList _jobs = new();
    private Meter _meter = null!;
    private RecordedMetrics _metrics = null!;

    [SetUp]
    public void SetUp()
    {
        _jobs.Items.Clear();
        _meter = new Meter("Walle");
        _metrics = new RecordedMetrics(_meter);
        _ = new BackupMetrics(_meter, _jobs);
    }

    [TearDown]
    public void TearDown()
    {
        _metrics.Dispose();
        _meter.Dispose();
    }

    [Test]
    public void Jobs_AreCountedByPhase_WithZeros()
    {
        Add("a", phase: null);
        Add("b", BackupPhase.Failed);
        Add("c", BackupPhase.Failed);
        Assert.That(_metrics["walle_backup_jobs{phase=Pending}"], Is.EqualTo(1));
        Assert.That(_metrics["walle_backup_jobs{phase=Failed}"], Is.EqualTo(2));
        Assert.That(_metrics["walle_backup_jobs{phase=Uploading}"], Is.Zero);
    }

    [Test]
    public void LastBackup_IsTheNewestCompleteOneOfTheClaim()
    {
        Add("old", BackupPhase.Succeeded, ("data", 100), ("logs", 100));
        Add("new", BackupPhase.Succeeded, ("data", 300));
        Add("older", BackupPhase.Succeeded, ("data", 50));
        Add("partial", BackupPhase.PartiallySucceeded, ("data", 400));
        Add("failed", BackupPhase.Failed, ("never", 400));
        Assert.That(_metrics[Series("data")], Is.EqualTo(300));
        Assert.That(_metrics[Series("logs")], Is.EqualTo(100));
        Assert.That(_metrics[Series("never")], Is.Null);
    }

    private static string Series(string claim) => $"walle_pvc_last_complete_backup_timestamp_seconds{{namespace=shop,persistentvolumeclaim={claim}}}";

    private void Add(string name, string? phase, params (string Claim, int Seconds)[] volumes) => _jobs.Items.Add(new BackupJobProjection(new BackupJob
    {
        Metadata = new ObjectMeta { Namespace = "shop", Name = name },
        Status = phase is null ? null : new BackupJobStatus
        {
            Phase = phase,
            Conditions = phase == BackupPhase.Succeeded ? [new Condition { Type = ConditionTypes.Complete, Status = ConditionStatus.True }] : null,
            Volumes = [.. volumes.Select(volume => new VolumeStatus { ClaimName = volume.Claim, SnapshotTime = DateTimeOffset.FromUnixTimeSeconds(volume.Seconds) })],
        },
    }));

    private sealed class JobList : ILister<BackupJobProjection>
    {
        public List<BackupJobProjection> Items { get; } = [];

        public bool HasSynced => true;

        public bool IsAbsent => false;

        public int Count => Items.Count;

        public BackupJobProjection? Get(NamespacedName name) => null;

        public IReadOnlyList<BackupJobProjection> List() => Items;

        public IReadOnlyList<BackupJobProjection> ByIndex(string index, string key) => [];
    }
}
