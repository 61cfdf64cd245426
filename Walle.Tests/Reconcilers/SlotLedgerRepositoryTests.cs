using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Walle.Controller.Pipeline.Maintenance;
using Walle.Controller.Pipeline.Slots;
using Walle.Controller.Projections;
using Walle.Controller.Queue;
using Walle.Controller.Reconcilers;
using Walle.Crds;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Reconcilers;

/// <summary>Who uses a repository, rebuilt from status by whichever controller comes next.</summary>
internal sealed class SlotLedgerRepositoryTests : IDisposable
{
    private static readonly PruneStatus Waiting = new() { ScheduledFor = A.Noon, WaitingSince = A.Noon };
    private static readonly PruneStatus Working = Waiting with { StartedAt = A.Noon };
    private static readonly PruneStatus Ended = Working with { FinishedAt = A.Noon };
    private readonly FakeTimeProvider _time = new(A.Noon);
    private readonly Meter _meter = new("test");
    private readonly RateLimitingQueue<ReconcileRequest> _queue;
    private readonly SlotLedger _ledger;

    public SlotLedgerRepositoryTests()
    {
        _queue = new RateLimitingQueue<ReconcileRequest>(new RateLimitingQueueOptions(), _time, new QueueMetrics<ReconcileRequest>(_meter, _time, request => request.Kind), request => request.Group);
        _ledger = new SlotLedger(new SlotLimits(), _queue, _time);
    }

    public void Dispose()
    {
        _queue.Dispose();
        _meter.Dispose();
    }

    [Test]
    public async Task A_prune_that_a_former_controller_began_keeps_backups_back_until_it_has_ended_and_they_are_woken_then()
    {
        _ledger.Observe(null, Schedule(Working));
        Assert.That(_ledger.Ask(Backup("a")).IsGiven, Is.False);
        _ledger.Observe(Schedule(Working), Schedule(Ended));
        var (taken, woken) = await _queue.GetAsync(CancellationToken.None);
        Assert.That((taken, woken.Kind, woken.Name.Name), Is.EqualTo((true, ApiGroup.BackupJobKind, "a")));
        Assert.That(_ledger.Ask(Backup("a")).IsGiven);
    }

    [Test]
    public async Task A_prune_that_waits_is_woken_when_the_last_backup_has_ended()
    {
        _ledger.Ask(Backup("a"));
        Assert.That(_ledger.Ask(MaintenanceSlot.Request(Schedule(Waiting).Object, Waiting)).IsGiven, Is.False);
        _ledger.Observe(null, Schedule(Waiting));
        _ledger.Observe(Job("a"), null);
        var (_, woken) = await _queue.GetAsync(CancellationToken.None);
        Assert.That((woken.Kind, woken.Name.Name), Is.EqualTo((ApiGroup.BackupScheduleKind, "nightly")));
        Assert.That(_ledger.Ask(MaintenanceSlot.Request(Schedule(Waiting).Object, Waiting)).IsGiven);
    }

    [Test]
    public void A_schedule_that_is_deleted_gives_its_repository_back()
    {
        _ledger.Observe(null, Schedule(Working));
        _ledger.Observe(Schedule(Working), null);
        Assert.That(_ledger.Ask(Backup("a")).IsGiven);
    }

    [Test]
    public void Two_Secrets_are_one_repository_once_each_has_reported_its_id()
    {
        _ledger.Observe(null, Schedule(Working));
        Assert.That(_ledger.Ask(Backup("a", "bank/secret")).IsGiven, "nobody can know yet");
        _ledger.Observe(null, new BackupJobProjection(A.BackupJob().WithMetadata(metadata => metadata with { Namespace = "bank", Name = "done", Uid = "done" }).WithStatus(new BackupJobStatus { RepositoryId = A.SnapshotId }).Build()));
        _ledger.Observe(Schedule(Working), Schedule(Working, A.SnapshotId));
        Assert.That(_ledger.Ask(Backup("b", $"bank/{A.Secret}")).IsGiven, Is.False);
        Assert.That(_ledger.Ask(Backup("c", "bank/third")).IsGiven);
    }

    [Test]
    public void A_restore_under_way_keeps_a_prune_from_beginning()
    {
        var restore = new RestoreJob
        {
            Metadata = new ObjectMeta { Name = "undo", Namespace = A.Namespace, Uid = "undo" },
            Spec = new RestoreJobSpec { Repository = new RestoreRepository { SecretRef = new SecretReference { Name = A.Secret } } },
            Status = new RestoreJobStatus { StartTime = A.Noon },
        };
        _ledger.Observe(null, new RestoreJobProjection(restore));
        Assert.That(_ledger.Ask(MaintenanceSlot.Request(Schedule(Waiting).Object, Waiting)).IsGiven, Is.False);
        _ledger.Observe(new RestoreJobProjection(restore), null);
        Assert.That(_ledger.Ask(MaintenanceSlot.Request(Schedule(Waiting).Object, Waiting)).IsGiven);
        Assert.That((_ledger.HeldCount, _ledger.WaitingCount), Is.EqualTo((0, 0)), "neither is a backup");
    }

    private static SlotRequest Backup(string name, string? repository = null) =>
        new(name, new Controller.Kubernetes.NamespacedName(A.Namespace, name), A.Noon.AddMinutes(1), repository ?? $"{A.Namespace}/{A.Secret}", [], []);

    private static BackupJobProjection Job(string name) => new(A.BackupJob().WithMetadata(metadata => metadata with { Name = name, Uid = name }).Build());

    private static ScheduleProjection Schedule(PruneStatus prune, string? repositoryId = null) => new(new BackupSchedule
    {
        Metadata = new ObjectMeta { Name = "nightly", Namespace = A.Namespace, Uid = A.Uid },
        Spec = new BackupScheduleSpec { Repository = new ScheduleRepository { SecretRef = new SecretReference { Name = A.Secret } } },
        Status = new BackupScheduleStatus { LastPrune = prune, Repository = repositoryId is null ? null : new RepositoryStatus { Id = repositoryId } },
    });
}
