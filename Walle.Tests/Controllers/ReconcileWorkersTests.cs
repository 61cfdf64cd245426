using System.Diagnostics.Metrics;
using System.Net;
using k8s.Autorest;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Walle.Controller.Controllers;
using Walle.Controller.Kubernetes;
using Walle.Controller.Queue;
using Walle.Controller.Reconcilers;
using Walle.Tests.Fakes;

namespace Walle.Tests.Controllers;

internal sealed class ReconcileWorkersTests
{
    private static readonly ReconcileRequest A = new("Job", new NamespacedName("ns", "a"));
    private static readonly ReconcileRequest B = new("Job", new NamespacedName("ns", "b"));

    private CollectingLogger<ReconcileWorkers> _log = null!;
    private FakeTimeProvider _time = null!;
    private Meter _meter = null!;
    private RecordedMetrics _metrics = null!;
    private RateLimitingQueue<ReconcileRequest> _queue = null!;
    private ScriptedReconciler _reconciler = null!;
    private CancellationTokenSource _stop = null!;
    private CancellationTokenSource _leadershipLost = null!;
    private ReconcileWorkers _workers = null!;
    private Task _running = null!;

    [SetUp]
    public void SetUp()
    {
        _log = new CollectingLogger<ReconcileWorkers>();
        _time = new FakeTimeProvider();
        _meter = new Meter("Walle");
        _metrics = new RecordedMetrics(_meter);
        _queue = new RateLimitingQueue<ReconcileRequest>(new(), _time, new QueueMetrics<ReconcileRequest>(_meter, _time, request => request.Kind), request => request.Group);
        _reconciler = new ScriptedReconciler("Job");
        _stop = new CancellationTokenSource();
        _leadershipLost = new CancellationTokenSource();
        Start(workers: 2);
    }

    [TearDown]
    public async Task TearDown()
    {
        await _stop.CancelAsync();
        await _leadershipLost.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(10));
        _stop.Dispose();
        _leadershipLost.Dispose();
        _queue.Dispose();
        _metrics.Dispose();
        _meter.Dispose();
    }

    [Test]
    public async Task Result_Done_ForgetsAndCounts()
    {
        _queue.Add(A);
        await Ended("success", 1);
        Assert.That(_reconciler.Requests, Is.EqualTo(new[] { A }));
        Assert.That(_metrics["walle_reconcile_in_flight{kind=Job}"], Is.Zero);
        Assert.That(_queue.NumRequeues(A), Is.Zero);
    }

    [Test]
    public async Task Result_RequeueAfter_ForgetsAndComesBackThen()
    {
        FailOnceThen(ReconcileResult.After(TimeSpan.FromSeconds(90)));
        _queue.Add(A);
        await Ended("error", 1);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        await Ended("requeue_after", 1);
        Assert.That(_queue.NumRequeues(A), Is.Zero, "the back-off ends with the first result that is no error");

        _time.Advance(TimeSpan.FromSeconds(89));
        Assert.That(_queue.Count, Is.Zero);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Ended("requeue_after", 2);
    }

    [Test]
    public async Task Error_IsContainedAndRetriedWithBackOff()
    {
        _reconciler.Script = (_, _) => throw new InvalidOperationException("a bug");
        _queue.Add(A);
        await Ended("error", 1);
        foreach (var milliseconds in new[] { 50, 100, 200 })
        {
            var before = _metrics["walle_reconcile{kind=Job,result=error}"];
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            await Ended("error", (int)before! + 1);
        }

        Assert.That(_queue.NumRequeues(A), Is.EqualTo(4));
        Assert.That(_log.Entries.Count(entry => entry is { Level: LogLevel.Error, Exception.Message: "a bug" }), Is.EqualTo(4));

        _reconciler.Script = (_, _) => Task.FromResult(ReconcileResult.Done);
        _queue.Add(B);
        await Ended("success", 1);
    }

    /// <summary>controller-runtime recovers panics; here those are the exceptions that say "a bug", of both the synchronous and the awaited part.</summary>
    [Test]
    public async Task Error_OfEveryWorkerManyTimes_StopsNoWorker()
    {
        _reconciler.Script = async (request, cancellationToken) =>
        {
            if (request.Name.Name.Length % 2 == 0)
                throw new ArgumentNullException(nameof(request));
            await Task.Yield();
            throw new AggregateException(new OperationCanceledException(cancellationToken));
        };
        for (var i = 0; i < 100; i++)
            _queue.Add(new ReconcileRequest("Job", new NamespacedName("ns", new string('x', i))));
        await Ended("error", 100);
        Assert.That(_running.IsCompleted, Is.False);
    }

    [Test]
    public async Task UnknownKind_IsAnErrorOfThatKindOnly()
    {
        _queue.Add(new ReconcileRequest("Nobody", A.Name));
        _queue.Add(A);
        await Ended("success", 1);
        await Eventually.BecomesTrue(() => _metrics["walle_reconcile{kind=Nobody,result=error}"] == 1, "the unknown kind is counted");
    }

    [Test]
    public async Task Conflict_IsRetriedSoonAtInformationAndIsNoError()
    {
        _reconciler.Script = (_, _) => throw new HttpOperationException("conflict")
        {
            Response = new HttpResponseMessageWrapper(new HttpResponseMessage(HttpStatusCode.Conflict), ""),
        };
        _queue.Add(A);
        await Ended("conflict", 1);
        Assert.That(_log.Entries.Max(entry => entry.Level), Is.EqualTo(LogLevel.Information));
        Assert.That(_metrics["walle_reconcile{kind=Job,result=error}"], Is.Null);

        _time.Advance(TimeSpan.FromMilliseconds(50));
        await Ended("conflict", 2);
    }

    [Test]
    public async Task Timeout_CancelsTheReconcileAndRetries()
    {
        _reconciler.Script = Forever;
        _queue.Add(A);
        await _reconciler.StartedAsync();
        Assert.That(_metrics["walle_reconcile_in_flight{kind=Job}"], Is.EqualTo(1));
        _time.Advance(TimeSpan.FromSeconds(30));
        await Ended("timeout", 1);
        Assert.That(_queue.NumRequeues(A), Is.EqualTo(1));
    }

    [Test]
    public async Task Stuck_ReconcileThatIgnoresItsTimeout_IsReported()
    {
        var never = new TaskCompletionSource<ReconcileResult>();
        _reconciler.Script = (_, _) => never.Task;
        _queue.Add(A);
        await _reconciler.StartedAsync();
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(_workers.StuckRequest(), Is.Null);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_workers.StuckRequest(), Is.EqualTo(A));
        never.SetResult(ReconcileResult.Done);
        await Eventually.BecomesTrue(() => _workers.StuckRequest() is null, "no longer stuck");
    }

    [Test]
    public async Task Log_InAReconcile_CarriesKindNameAndId()
    {
        _reconciler.Script = (_, _) => throw new InvalidOperationException();
        _queue.Add(A);
        await Ended("error", 1);
        var scope = _log.Entries.Single(entry => entry.Level == LogLevel.Error).Scope;
        Assert.That((scope["kind"], scope["namespace"], scope["name"]), Is.EqualTo(("Job", "ns", "a")));
        Assert.That(scope["reconcileId"], Is.InstanceOf<long>());
    }

    [Test]
    public async Task Stop_WaitsForWhatIsInWorkAndTakesNothingMore()
    {
        var finish = new TaskCompletionSource<ReconcileResult>();
        _reconciler.Script = (_, _) => finish.Task;
        await Restart(workers: 1);
        _queue.Add(A);
        _queue.Add(B);
        await _reconciler.StartedAsync();

        await _stop.CancelAsync();
        Assert.That(_running.IsCompleted, Is.False);
        finish.SetResult(ReconcileResult.Done);
        await _running.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.That(_reconciler.Requests, Is.EqualTo(new[] { A }));
        Assert.That(_metrics["walle_reconcile{kind=Job,result=success}"], Is.EqualTo(1), "it was not cancelled");
    }

    [Test]
    public async Task Stop_ReconcileDoesNotEnd_IsCancelledAfterTheDrainTimeout()
    {
        _reconciler.Script = Forever;
        _queue.Add(A);
        await _reconciler.StartedAsync();
        await _stop.CancelAsync();
        await Eventually.BecomesTrue(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return _running.IsCompleted;
            },
            "stopped");
        Assert.That(_metrics["walle_reconcile{kind=Job,result=cancelled}"], Is.EqualTo(1));
        Assert.That(_queue.NumRequeues(A), Is.Zero);
    }

    [Test]
    public async Task Stop_ReconcileThatIgnoresItsCancellation_IsLeftBehind()
    {
        _reconciler.Script = (_, _) => new TaskCompletionSource<ReconcileResult>().Task;
        _queue.Add(A);
        await _reconciler.StartedAsync();
        await _stop.CancelAsync();
        await Eventually.BecomesTrue(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return _running.IsCompleted;
            },
            "stopped");
        Assert.That(_log.Entries.Single(entry => entry.Level == LogLevel.Error).Text, Does.Contain("ns/a"));
    }

    [Test]
    public async Task LeadershipLost_CancelsWhatIsInWorkAtOnce()
    {
        _reconciler.Script = Forever;
        _queue.Add(A);
        await _reconciler.StartedAsync();
        await _leadershipLost.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(_metrics["walle_reconcile{kind=Job,result=cancelled}"], Is.EqualTo(1));
    }

    [Test]
    public async Task SlowReconciles_LeaveTheOtherWorkers()
    {
        var finish = new TaskCompletionSource<ReconcileResult>();
        _reconciler.Script = (request, _) => request == A ? finish.Task : Task.FromResult(ReconcileResult.Done);
        _queue.Add(A);
        await _reconciler.StartedAsync();
        _queue.Add(B);
        await Ended("success", 1);
        finish.SetResult(ReconcileResult.Done);
        await Ended("success", 2);
    }

    private static async Task<ReconcileResult> Forever(ReconcileRequest request, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return ReconcileResult.Done;
    }

    private void FailOnceThen(ReconcileResult result)
    {
        var failed = 0;
        _reconciler.Script = (_, _) => Interlocked.Exchange(ref failed, 1) == 0 ? throw new InvalidOperationException() : Task.FromResult(result);
    }

    private Task Ended(string result, int count) => Eventually.BecomesTrue(
        () => _metrics[$"walle_reconcile{{kind=Job,result={result}}}"] == count && _metrics["walle_workqueue_unfinished_work{kind=Job}"] == 0,
        $"{count} reconciles have ended with {result}; so far {_metrics[$"walle_reconcile{{kind=Job,result={result}}}"]}");

    private async Task Restart(int workers)
    {
        await _stop.CancelAsync();
        await _running;
        _queue.Dispose();
        _queue = new RateLimitingQueue<ReconcileRequest>(new(), _time, new QueueMetrics<ReconcileRequest>(_meter, _time, request => request.Kind), request => request.Group);
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        Start(workers);
    }

    private void Start(int workers)
    {
        _workers = new ReconcileWorkers(_queue, [_reconciler], new ReconcileOptions { Workers = workers }, new ReconcileMetrics(_meter), _time, _log);
        _running = _workers.RunAsync(_leadershipLost.Token, _stop.Token);
    }
}
