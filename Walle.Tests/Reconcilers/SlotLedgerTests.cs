using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Walle.Controller.Pipeline.Slots;
using Walle.Controller.Projections;
using Walle.Controller.Queue;
using Walle.Controller.Reconcilers;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Reconcilers;

/// <summary>Who has a slot, in memory, over restarts.</summary>
internal sealed class SlotLedgerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(A.Noon);
    private readonly Meter _meter = new("test");
    private readonly RateLimitingQueue<ReconcileRequest> _queue;
    private readonly SlotLedger _ledger;

    public SlotLedgerTests()
    {
        _queue = new RateLimitingQueue<ReconcileRequest>(new RateLimitingQueueOptions(), _time, new QueueMetrics<ReconcileRequest>(_meter, _time, request => request.Kind), request => request.Group);
        _ledger = new SlotLedger(new SlotLimits { Cluster = 1 }, _queue, _time);
    }

    public void Dispose()
    {
        _queue.Dispose();
        _meter.Dispose();
    }

    [Test]
    public void Asked_again_the_slot_is_still_given_and_no_second_one()
    {
        Assert.That(_ledger.Ask(Request("a")).IsGiven);
        Assert.That(_ledger.Ask(Request("a")).IsGiven);
        Assert.That(_ledger.Ask(Request("b")).IsGiven, Is.False);
        Assert.That((_ledger.HeldCount, _ledger.WaitingCount), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Whoever_is_next_is_woken_when_a_slot_comes_back()
    {
        _ledger.Ask(Request("a"));
        _ledger.Ask(Request("b"));
        _ledger.Observe(Job("a", Stage.Ended().Job.Status), Job("a", Stage.Clean().Stored().Job.Status));
        var (taken, woken) = await _queue.GetAsync(CancellationToken.None);
        Assert.That((taken, woken.Name.Name), Is.EqualTo((true, "b")));
        Assert.That(_ledger.Ask(Request("b")).IsGiven);
    }

    [Test]
    public void A_result_gives_nothing_back_before_all_is_cleaned_up_and_a_deletion_does()
    {
        _ledger.Ask(Request("a"));
        _ledger.Observe(Job("a", null), Job("a", Stage.Ended().Job.Status));
        Assert.That(_ledger.Ask(Request("b")).IsGiven, Is.False);
        _ledger.Observe(Job("a", Stage.Ended().Job.Status), null);
        Assert.That(_ledger.Ask(Request("b")).IsGiven);
    }

    [Test]
    public void After_a_restart_who_had_a_slot_has_it()
    {
        _ledger.Observe(null, Job("running", Stage.Uploading().Job.Status));
        Assert.That(_ledger.Ask(Request("b")).IsGiven, Is.False);
        Assert.That(_ledger.Ask(Request("running")).IsGiven);
    }

    [Test]
    public void A_failure_while_waiting_leaves_the_queue()
    {
        _ledger.Ask(Request("a"));
        _ledger.Ask(Request("b"));
        var cancelled = (Stage.Fresh() with { Slot = new SlotAnswer(1, 1, "", IsNews: true) }).Stored().After(TimeSpan.FromDays(2)) with { Slot = new SlotAnswer(1, 1, "", IsNews: true) };
        _ledger.Observe(Job("b", null), Job("b", cancelled.Stored().Job.Status));
        Assert.That(_ledger.WaitingCount, Is.Zero);
    }

    [Test]
    public void The_place_is_news_at_first_and_every_five_minutes()
    {
        _ledger.Ask(Request("a"));
        Assert.That(_ledger.Ask(Request("b")).IsNews);
        Assert.That(_ledger.Ask(Request("b")).IsNews, Is.False);
        _time.Advance(SlotStep.LookAgain);
        Assert.That(_ledger.Ask(Request("b")).IsNews);
    }

    private static SlotRequest Request(string name) => SlotStep.Request(Job(name, null)!.Object, new BackupJobStatus());

    private static BackupJobProjection Job(string name, BackupJobStatus? status) =>
        new(A.BackupJob().WithMetadata(metadata => metadata with { Name = name, Uid = $"uid-of-{name}" }).WithStatus(status).Build());
}
