using System.Diagnostics.Metrics;
using System.Net;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Walle.Controller.Hosting;
using Walle.Tests.Fakes;

namespace Walle.Tests.Hosting;

/// <summary>In meaning those of https://github.com/kubernetes/client-go/blob/master/tools/leaderelection/leaderelection_test.go</summary>
[Deterministic]
internal sealed class LeaderElectionTests
{
    private static readonly DateTime LongAgo = new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime FarAhead = new(2101, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private FakeTimeProvider _time = null!;
    private Meter _meter = null!;
    private FakeLeaseClient _leases = null!;
    private CollectingLogger<LeaderElection> _log = null!;
    private CancellationTokenSource _stop = null!;
    private LeaderElection _election = null!;

    [SetUp]
    public void SetUp()
    {
        _time = new FakeTimeProvider();
        _meter = new Meter("Walle");
        _leases = new FakeLeaseClient();
        _log = new CollectingLogger<LeaderElection>();
        _stop = new CancellationTokenSource();
        _election = New("me");
    }

    [TearDown]
    public void TearDown()
    {
        _stop.Cancel();
        _stop.Dispose();
        _election.Dispose();
        _meter.Dispose();
    }

    [Test]
    public async Task Acquire_NoLease_CreatesIt()
    {
        await Acquire();
        Assert.That(_leases.Calls, Is.EqualTo(new[] { "get", "create" }));
        Assert.That(_leases.Lease!.Spec.HolderIdentity, Is.EqualTo("me"));
        Assert.That(_leases.Lease.Spec.LeaseDurationSeconds, Is.EqualTo(15));
        Assert.That((_leases.Lease.Spec.LeaseTransitions, _election.IsLeader), Is.EqualTo((0, true)));
    }

    [Test]
    public async Task Acquire_LeaseWithoutSpec_TakesIt()
    {
        _leases.Store(new V1Lease());
        await Acquire();
        Assert.That(_leases.Lease!.Spec.HolderIdentity, Is.EqualTo("me"));
    }

    [Test]
    public async Task Acquire_ReleasedLease_TakesItAtOnce()
    {
        _leases.Store(HeldBy("", LongAgo));
        await Acquire();
        Assert.That((_leases.Lease!.Spec.HolderIdentity, _leases.Lease.Spec.LeaseTransitions), Is.EqualTo(("me", 8)));
    }

    [Test]
    public async Task Acquire_OwnLeaseOfAProcessBefore_TakesItAtOnceAndKeepsItsTimes()
    {
        _leases.Store(HeldBy("me", LongAgo));
        await Acquire();
        Assert.That((_leases.Lease!.Spec.AcquireTime, _leases.Lease.Spec.LeaseTransitions), Is.EqualTo((LongAgo, 7)));
    }

    /// <summary>Whatever the holder's clock says: only how long this process has seen no change counts.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public async Task Acquire_HeldByOther_WaitsItsDurationFromFirstSeen(bool clockAhead)
    {
        _leases.Store(HeldBy("other", clockAhead ? FarAhead : LongAgo));
        var acquiring = _election.AcquireAsync(_stop.Token);
        await Elapse(TimeSpan.FromSeconds(14.9));
        Assert.That((acquiring.IsCompleted, _election.IsLeader), Is.EqualTo((false, false)));
        Assert.That(_leases.Calls, Does.Not.Contain("update"));
        // No pause of its own on top: an application may be frozen.
        await Elapse(TimeSpan.FromSeconds(0.7));
        await acquiring.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(_leases.Lease!.Spec.HolderIdentity, Is.EqualTo("me"));
    }

    [Test]
    public async Task Acquire_HeldByOtherWhoRenews_WaitsOn()
    {
        _leases.Store(HeldBy("other", LongAgo));
        var acquiring = _election.AcquireAsync(_stop.Token);
        for (var i = 1; i <= 20; i++)
        {
            await Elapse(TimeSpan.FromSeconds(5));
            _leases.Store(HeldBy("other", LongAgo.AddSeconds(i)));
        }

        Assert.That(acquiring.IsCompleted, Is.False);
    }

    [Test]
    public async Task Acquire_HeldByADeadOne_IsNotKeptAliveByLabels()
    {
        _leases.Store(HeldBy("other", LongAgo));
        var acquiring = _election.AcquireAsync(_stop.Token);
        for (var i = 0; i < 5; i++)
        {
            await Elapse(TimeSpan.FromSeconds(4));
            if (_leases.Lease!.Spec.HolderIdentity == "other")
                _leases.Store(HeldBy("other", LongAgo, label: $"{i}"));
        }

        await acquiring.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task Acquire_TwoCandidates_OneLeads()
    {
        using var second = New("second");
        var a = _election.AcquireAsync(_stop.Token);
        var b = second.AcquireAsync(_stop.Token);
        await Task.WhenAny(a, b);
        Assert.That(new[] { _election.IsLeader, second.IsLeader }.Count(leads => leads), Is.EqualTo(1));
    }

    [Test]
    public async Task Acquire_LostRace_TriesAgain()
    {
        _leases.Before = (verb, _) =>
        {
            if (verb == "create" && _leases.Lease is null)
                _leases.Store(HeldBy("faster", LongAgo));
            return Task.CompletedTask;
        };
        var acquiring = _election.AcquireAsync(_stop.Token);
        await Elapse(TimeSpan.FromSeconds(10));
        Assert.That((acquiring.IsCompleted, _election.IsLeader), Is.EqualTo((false, false)));
        Assert.That(_log.Entries.Max(entry => entry.Level), Is.EqualTo(LogLevel.Information), "a lost race is no trouble");
    }

    [Test]
    public async Task Acquire_Forbidden_SaysWhichRuleIsMissingOnceAMinute()
    {
        _leases.Before = (_, _) => throw FakeLeaseClient.Failure(HttpStatusCode.Forbidden);
        var acquiring = _election.AcquireAsync(_stop.Token);
        await Elapse(TimeSpan.FromSeconds(30));
        var error = _log.Entries.Single(entry => entry.Level == LogLevel.Error).Text;
        Assert.That(error, Does.Contain("namespace ns").And.Contain("resources [leases]").And.Contain("verbs [get, create, update]"));
        Assert.That(acquiring.IsCompleted, Is.False);
    }

    [Test]
    public async Task Acquire_NamespaceMissing_SaysSo()
    {
        _leases.Before = (verb, _) => verb == "create" ? throw FakeLeaseClient.Failure(HttpStatusCode.NotFound) : Task.CompletedTask;
        _ = _election.AcquireAsync(_stop.Token);
        await Eventually.BecomesTrue(() => _log.Entries.Any(entry => entry.Text.Contains("Namespace ns", StringComparison.Ordinal)), "the namespace is named");
    }

    [Test]
    public async Task Hold_Renews_WithOneCallEach()
    {
        await Acquire();
        _leases.Calls.Clear();
        var holding = _election.HoldAsync(_stop.Token);
        await Elapse(TimeSpan.FromSeconds(60));
        Assert.That((holding.IsCompleted, _election.IsLeader), Is.EqualTo((false, true)));
        Assert.That(_leases.Calls, Is.All.EqualTo("update"));
        Assert.That(_leases.Calls, Has.Count.InRange(28, 30));
        Assert.That(_leases.Lease!.Spec.LeaseTransitions, Is.Zero);
    }

    [TestCase("update")]
    [TestCase("delete")]
    public async Task Hold_LeaseChangedBySomebody_GoesOn(string change)
    {
        await Acquire();
        var holding = _election.HoldAsync(_stop.Token);
        await Elapse(TimeSpan.FromSeconds(6));
        if (change == "delete")
            _leases.Delete();
        else
            _leases.Store(_leases.Lease!);
        await Elapse(TimeSpan.FromSeconds(30));
        Assert.That((holding.IsCompleted, _election.IsLeader, _leases.Lease!.Spec.HolderIdentity), Is.EqualTo((false, true, "me")));
    }

    [TestCase("fails")]
    [TestCase("hangs")]
    public async Task Hold_ApiServerGone_GivesUpBeforeOthersMayBegin(string how)
    {
        await Acquire();
        var acquiredAt = _time.GetTimestamp();
        var holding = _election.HoldAsync(_stop.Token);
        _leases.Before = (_, cancellationToken) => how == "fails"
            ? throw new HttpRequestException("connection refused")
            : new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        await ElapseUntil(() => _time.GetElapsedTime(acquiredAt) >= TimeSpan.FromSeconds(9.9));
        Assert.That((holding.IsCompleted, _election.Lost.IsCancellationRequested), Is.EqualTo((false, false)));
        await ElapseUntil(() => _time.GetElapsedTime(acquiredAt) >= TimeSpan.FromSeconds(10.1));
        Assert.That(await FailureOf(holding), Is.InstanceOf<LeadershipLostException>());
        Assert.That((_election.IsLeader, _election.Lost.IsCancellationRequested), Is.EqualTo((false, true)));
        Assert.That(_election.ThrowIfNotLeader, Throws.InstanceOf<LeadershipLostException>());
    }

    [Test]
    public async Task Hold_ApiServerGoneForLessThanTheDeadline_GoesOn()
    {
        await Acquire();
        var holding = _election.HoldAsync(_stop.Token);
        _leases.Before = (_, _) => throw FakeLeaseClient.Failure(HttpStatusCode.ServiceUnavailable);
        await Elapse(TimeSpan.FromSeconds(8.5));
        _leases.Before = (_, _) => Task.CompletedTask;
        await Elapse(TimeSpan.FromSeconds(30));
        Assert.That((holding.IsCompleted, _election.IsLeader), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task Hold_TakenByOther_EndsAtOnce()
    {
        await Acquire();
        var holding = _election.HoldAsync(_stop.Token);
        _leases.Store(HeldBy("other", FarAhead));
        await Elapse(TimeSpan.FromSeconds(2.1));
        Assert.That(await FailureOf(holding), Is.InstanceOf<LeadershipLostException>().With.Message.Contains("other"));
        Assert.That(_leases.Lease!.Spec.HolderIdentity, Is.EqualTo("other"));
    }

    /// <summary>The answer got lost, not the renewal: the next one finds the own name at an unknown version.</summary>
    [Test]
    public async Task Hold_AnswerLost_GoesOn()
    {
        await Acquire();
        var lost = 0;
        _leases.After = (verb, _) => verb == "update" && lost++ == 0 ? throw new HttpRequestException("reset") : Task.CompletedTask;
        var holding = _election.HoldAsync(_stop.Token);
        await Elapse(TimeSpan.FromSeconds(30));
        Assert.That((holding.IsCompleted, _election.IsLeader), Is.EqualTo((false, true)));
    }

    /// <summary>Between two renewals, whoever asks gets the truth, even if the loop that renews has no thread to run on.</summary>
    [Test]
    public async Task IsLeader_WithoutRenewal_ExpiresByItself()
    {
        await Acquire();
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.That(_election.IsLeader, Is.True);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That(_election.IsLeader, Is.False);
        using var metrics = new RecordedMetrics(_meter);
        Assert.That(metrics["walle_leader"], Is.Zero);
    }

    [Test]
    public async Task Release_LetsTheNextOneInAtOnce()
    {
        await Acquire();
        var holding = _election.HoldAsync(_stop.Token);
        await _stop.CancelAsync();
        await holding;
        await _election.ReleaseAsync(CancellationToken.None);
        Assert.That((_election.IsLeader, _leases.Lease!.Spec.HolderIdentity, _leases.Lease.Spec.LeaseDurationSeconds), Is.EqualTo((false, "", 1)));

        using var next = New("next");
        await next.AcquireAsync(CancellationToken.None);
        Assert.That(_leases.Lease.Spec.LeaseTransitions, Is.EqualTo(1));
    }

    [Test]
    public async Task Release_Conflict_IsTriedAgain()
    {
        await Acquire();
        _leases.Store(_leases.Lease!);
        await _election.ReleaseAsync(CancellationToken.None);
        Assert.That(_leases.Lease!.Spec.HolderIdentity, Is.Empty);
    }

    [Test]
    public async Task Release_TakenByOther_LeavesItAlone()
    {
        await Acquire();
        _leases.Store(HeldBy("other", FarAhead));
        await _election.ReleaseAsync(CancellationToken.None);
        Assert.That(_leases.Lease!.Spec.HolderIdentity, Is.EqualTo("other"));
    }

    [Test]
    public async Task Release_NotLeading_DoesNothing()
    {
        await _election.ReleaseAsync(CancellationToken.None);
        Assert.That(_leases.Calls, Is.Empty);
    }

    [Test]
    public async Task Release_ApiServerGone_IsNoFault()
    {
        await Acquire();
        _leases.Before = (_, _) => throw new HttpRequestException("refused");
        await _election.ReleaseAsync(CancellationToken.None);
        Assert.That(_log.Entries[^1].Text, Does.Contain("up to 15 s"));
    }

    private static V1Lease HeldBy(string holder, DateTime renewed, string? label = null) => new()
    {
        Metadata = new V1ObjectMeta { Labels = label is null ? null : new Dictionary<string, string> { ["touched"] = label } },
        Spec = new V1LeaseSpec { HolderIdentity = holder, LeaseDurationSeconds = 15, AcquireTime = LongAgo, RenewTime = renewed, LeaseTransitions = 7 },
    };

    private LeaderElection New(string identity) =>
        new(new LeaderElectionOptions { Namespace = "ns", Name = "walle", Identity = identity }, _leases, _meter, _time, _log);

    /// <summary>Not Assert.ThrowsAsync: that would hold the thread on which the loop has to go on.</summary>
    private static async Task<Exception?> FailureOf(Task task)
    {
        try
        {
            await task.WaitAsync(TimeSpan.FromSeconds(10));
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    private Task Acquire() => _election.AcquireAsync(_stop.Token).WaitAsync(TimeSpan.FromSeconds(10));

    private async Task Elapse(TimeSpan time)
    {
        var started = _time.GetTimestamp();
        await ElapseUntil(() => _time.GetElapsedTime(started) >= time);
    }

    /// <summary>Lets time pass in steps, with the loops under test going on in between.</summary>
    private async Task ElapseUntil(Func<bool> condition)
    {
        for (var i = 0; i < 2_000 && !condition(); i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            for (var turns = 0; turns < 20; turns++)
                await Task.Yield();
        }

        Assert.That(condition(), Is.True, "not within 200 s");
    }
}
