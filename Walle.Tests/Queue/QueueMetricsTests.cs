using NUnit.Framework;
using Walle.Controller.Queue;
using Walle.Tests.Fakes;

namespace Walle.Tests.Queue;

/// <summary>In meaning those of https://github.com/kubernetes/client-go/blob/master/util/workqueue/metrics_test.go</summary>
internal sealed class QueueMetricsTests
{
    private QueueFixture _fixture = null!;
    private RecordedMetrics _metrics = null!;
    private RateLimitingQueue<string> _queue = null!;

    [SetUp]
    public void SetUp()
    {
        _fixture = new QueueFixture();
        _metrics = new RecordedMetrics(_fixture.Meter);
        _queue = _fixture.RateLimiting();
    }

    [TearDown]
    public void TearDown()
    {
        _queue.Dispose();
        _metrics.Dispose();
        _fixture.Dispose();
    }

    [Test]
    public async Task OneItem_FromAddToDone_IsMeasured()
    {
        _queue.Add("Job/a");
        _queue.Add("Job/a");
        _queue.Add("Pod/b");
        Assert.That(_metrics["walle_workqueue_adds{kind=Job}"], Is.EqualTo(1), "the second is the same item");
        Assert.That(_metrics["walle_workqueue_depth{kind=Job}"], Is.EqualTo(1));
        Assert.That(_metrics["walle_workqueue_depth{kind=Pod}"], Is.EqualTo(1));

        Advance(3);
        await _queue.GetAsync(CancellationToken.None);
        Assert.That(_metrics["walle_workqueue_queue_duration{kind=Job}"], Is.EqualTo(3));
        Assert.That(_metrics["walle_workqueue_depth{kind=Job}"], Is.Zero);

        Advance(4);
        Assert.That(_metrics["walle_workqueue_unfinished_work{kind=Job}"], Is.EqualTo(4));
        Assert.That(_metrics["walle_workqueue_longest_running{kind=Job}"], Is.EqualTo(4));
        Assert.That(_metrics["walle_workqueue_longest_running{kind=Pod}"], Is.Zero);

        _queue.Done("Job/a");
        Assert.That(_metrics["walle_workqueue_work_duration{kind=Job}"], Is.EqualTo(4));
        Assert.That(_metrics["walle_workqueue_unfinished_work{kind=Job}"], Is.Zero);
    }

    [Test]
    public async Task ItemAddedWhileProcessing_QueueDurationCountsFromThatAdd()
    {
        _queue.Add("Job/a");
        await _queue.GetAsync(CancellationToken.None);
        _queue.Add("Job/a");
        Advance(5);
        _queue.Done("Job/a");
        Advance(1);
        await _queue.GetAsync(CancellationToken.None);
        Assert.That(_metrics["walle_workqueue_queue_duration{kind=Job}"], Is.EqualTo(6));
    }

    [Test]
    public void Retry_IsCountedAtOnceAndItsAddWhenItIsReady()
    {
        _queue.AddRateLimited("Job/a");
        Assert.That(_metrics["walle_workqueue_retries{kind=Job}"], Is.EqualTo(1));
        Assert.That(_metrics["walle_workqueue_adds{kind=Job}"], Is.Null);
        Advance(1);
        Assert.That(_metrics["walle_workqueue_adds{kind=Job}"], Is.EqualTo(1));
    }

    private void Advance(int seconds) => _fixture.Time.Advance(TimeSpan.FromSeconds(seconds));
}
