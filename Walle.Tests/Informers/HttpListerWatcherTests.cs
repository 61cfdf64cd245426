using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Walle.Controller.Diagnostics;
using Walle.Controller.Informers;
using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;
using Walle.Controller.Projections.Decoding;

namespace Walle.Tests.Informers;

[TestFixture]
public sealed class HttpListerWatcherTests
{
    private static readonly string Event = $$"""{"type":"ADDED","object":{{Samples.Job.ReplaceLineEndings("")}}}""";
    private static readonly string Lines = Event + "\n"
        + Event.Replace("ADDED", "MODIFIED", StringComparison.Ordinal).Replace("\"12\"", "\"20\"", StringComparison.Ordinal) + "\n\n"
        + """{"type":"BOOKMARK","object":{"kind":"Job","apiVersion":"batch/v1","metadata":{"resourceVersion":"30","creationTimestamp":null},"spec":{"template":{}},"status":{}}}""" + "\n"
        + """{"type":"SOMETHING NEW","object":{"x":1}}""" + "\n"
        + $$"""{"object":{{Samples.Job.ReplaceLineEndings("").Replace("\"12\"", "\"40\"", StringComparison.Ordinal)}},"type":"DELETED"}""" + "\n";
    private static readonly string[] Expected = ["Opened ", "Applied 12 walle-1", "Applied 20 walle-1", "Bookmark 30", "Deleted 40 walle-1"];

    private readonly StubServer _server = new();
    private readonly InformerMetrics _metrics = new(WalleMeter.Create());

    [TearDown]
    public void Dispose() => _server.Dispose();

    [Test]
    public async Task List_AsksForPagesWithSelectorAndToken()
    {
        _server.Answer(HttpStatusCode.OK, $$"""{"metadata":{"resourceVersion":"7","continue":"a/b=="},"items":[{{Samples.Job}}]}""");
        _server.Answer(HttpStatusCode.OK, """{"metadata":{"resourceVersion":"7"},"items":[]}""");
        var source = Source("shop", "app.kubernetes.io/managed-by=walle");
        var first = await source.ListPageAsync(500, null, CancellationToken.None);
        var second = await source.ListPageAsync(500, first.ContinueToken, CancellationToken.None);
        Assert.That((first.Items.Count, second.Items.Count, second.ContinueToken), Is.EqualTo((1, 0, (string?)null)));
        Assert.That(_server.Requests.Select(request => request.PathAndQuery), Is.EqualTo(new[]
        {
            "/prefix/apis/batch/v1/namespaces/shop/jobs?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dwalle&limit=500",
            "/prefix/apis/batch/v1/namespaces/shop/jobs?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dwalle&limit=500&continue=a%2Fb%3D%3D",
        }));
    }

    [Test]
    public async Task List_OneHugeObjectInSmallPackets_IsRead()
    {
        var huge = Samples.Claim.Replace("@HUGE@", new string('x', 1_000_000), StringComparison.Ordinal);
        var body = Encoding.UTF8.GetBytes($$"""{"metadata":{"resourceVersion":"7"},"items":[{{Samples.Claim}},{{huge}},{{Samples.Claim}}]}""");
        _server.Answer(HttpStatusCode.OK, new ChunkedStream(body, null, 1400));
        var source = new HttpListerWatcher<ClaimProjection>("Claim", _server.Connect(), new ResourcePath("", "v1", "persistentvolumeclaims"), null, null, new ClaimDecoder(), _metrics, new FakeTimeProvider(), NullLogger.Instance);
        var page = await source.ListPageAsync(500, null, CancellationToken.None);
        Assert.That(page.Items.Select(claim => claim.VolumeName), Has.Exactly(3).EqualTo("pvc-0a1b2c3d-0001-4002-8003-000000000004"));
        Assert.That(_server.Requests[0].AbsolutePath, Is.EqualTo("/prefix/api/v1/persistentvolumeclaims"));
    }

    [Test]
    public async Task Watch_SplitAtEveryByte_GivesTheSameEvents()
    {
        var bytes = Encoding.UTF8.GetBytes(Lines);
        for (var split = 1; split < bytes.Length; split++)
        {
            _server.Answer(HttpStatusCode.OK, new ChunkedStream(bytes, null, split, int.MaxValue));
            Assert.That(await WatchAsync(), Is.EqualTo(Expected), $"split at {split}");
        }
    }

    [Test]
    public async Task Watch_ByteByByte_GivesTheSameEvents()
    {
        _server.Answer(HttpStatusCode.OK, new ChunkedStream(Encoding.UTF8.GetBytes(Lines), null, 1));
        Assert.That(await WatchAsync(), Is.EqualTo(Expected));
        Assert.That(_server.Requests[0].PathAndQuery, Is.EqualTo("/prefix/apis/batch/v1/jobs?watch=true&allowWatchBookmarks=true&resourceVersion=5&timeoutSeconds=300"));
    }

    [Test]
    public async Task Watch_CutInTheMiddleOfALine_GivesNoHalfEvent()
    {
        for (var length = 1; length < Event.Length; length++)
        {
            _server.Answer(HttpStatusCode.OK, Event[..length]);
            Assert.That(await WatchAsync(), Is.EqualTo(new[] { "Opened " }));
        }
    }

    [TestCase("""{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old resource version: 1 (2)"}}""", ListWatchFailure.Expired)]
    [TestCase("""{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Gone"}}""", ListWatchFailure.Expired)]
    [TestCase("""{"object":{"code":500,"reason":"InternalError","message":"etcdserver: mvcc: required revision has been compacted"},"type":"ERROR"}""", ListWatchFailure.Transient)]
    [TestCase("""{"type":"ERROR","object":{"code":429,"reason":"TooManyRequests"}}""", ListWatchFailure.Throttled)]
    [TestCase("""{"type":"ERROR","object":{"code":504,"reason":"Timeout","details":{"causes":[{"reason":"ResourceVersionTooLarge"}]}}}""", ListWatchFailure.Expired)]
    [TestCase("""{"type":"ERROR","object":{"code":504,"message":"Timeout: Too large resource version: 9, current: 8"}}""", ListWatchFailure.Expired)]
    [TestCase("""{"type":"ERROR"}""", ListWatchFailure.Undecodable)]
    [TestCase("""{"type":"ADDED","object":{"metadata":{"name":"a"}}}""", ListWatchFailure.Undecodable)]
    [TestCase("""{"type":"ADDED","object":{"metadata":{"name":"a","uid":"u"}}}""", ListWatchFailure.Undecodable)]
    [TestCase("""{"type":"ADDED","object":null}""", ListWatchFailure.Undecodable)]
    [TestCase("""{"type":"BOOKMARK","object":{"metadata":{}}}""", ListWatchFailure.Undecodable)]
    [TestCase("""{"type":"ADDED","object":{"metadata":{"name":"a" "uid":"u"}}}""", ListWatchFailure.Undecodable)]
    [TestCase("[]", ListWatchFailure.Undecodable)]
    [TestCase("upstream connect error", ListWatchFailure.Undecodable)]
    public void Watch_LineThatIsNoEvent_IsOfTheRightClass(string line, object failure)
    {
        _server.Answer(HttpStatusCode.OK, line + "\n");
        Assert.That(ThrownByWatch().Failure, Is.EqualTo(failure));
    }

    [TestCase(410, """{"reason":"Expired","message":"too old"}""", ListWatchFailure.Expired)]
    [TestCase(429, "", ListWatchFailure.Throttled)]
    [TestCase(401, """{"reason":"Unauthorized"}""", ListWatchFailure.Forbidden)]
    [TestCase(403, """{"reason":"Forbidden","message":"cannot watch"}""", ListWatchFailure.Forbidden)]
    [TestCase(404, "404 page not found", ListWatchFailure.NotServed)]
    [TestCase(500, "<html>", ListWatchFailure.Transient)]
    [TestCase(503, "", ListWatchFailure.Transient)]
    [TestCase(504, """{"reason":"Timeout","details":{"causes":[{"reason":"ResourceVersionTooLarge","message":"Too large resource version"}]}}""", ListWatchFailure.Expired)]
    public void Watch_And_List_RefusedByStatusCode_AreOfTheRightClass(int code, string body, object failure)
    {
        _server.Answer((HttpStatusCode)code, body);
        _server.Answer((HttpStatusCode)code, body);
        Assert.That(ThrownByWatch().Failure, Is.EqualTo(failure));
        Assert.That(ThrownByList().Failure, Is.EqualTo(failure));
    }

    [Test]
    public void List_Throttled_TellsHowLongToWait()
    {
        _server.Answer(HttpStatusCode.TooManyRequests, "", response => response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(9)));
        _server.Answer(HttpStatusCode.TooManyRequests, """{"details":{"retryAfterSeconds":4}}""");
        Assert.That(ThrownByList().RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(9)));
        Assert.That(ThrownByList().RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(4)));
    }

    [Test]
    public void Connection_RefusedOrBroken_IsTransientAndNamesTheCause()
    {
        _server.Fail(new HttpRequestException("An error occurred", new IOException("Connection refused")));
        _server.Answer(HttpStatusCode.OK, new ChunkedStream(Encoding.UTF8.GetBytes(Event[..50]), new IOException("reset by peer"), 20));
        var refused = ThrownByList();
        var broken = ThrownByWatch();
        Assert.That((refused.Failure, refused.Message), Is.EqualTo((ListWatchFailure.Transient, "Connection refused")));
        Assert.That((broken.Failure, broken.Message), Is.EqualTo((ListWatchFailure.Transient, "reset by peer")));
    }

    [TestCase("<html>a proxy's page</html>", ListWatchFailure.Undecodable)]
    [TestCase("[]", ListWatchFailure.Undecodable)]
    [TestCase("""{"metadata":{"resourceVersion":"7"},"items":[{"metadata":{""", ListWatchFailure.Undecodable)]
    [TestCase("""{"metadata":{},"items":[]}""", ListWatchFailure.Transient)]
    public void List_ThatIsNone_IsOfTheRightClass(string body, object failure)
    {
        _server.Answer(HttpStatusCode.OK, body);
        Assert.That(ThrownByList().Failure, Is.EqualTo(failure));
    }

    private ListWatchException ThrownByWatch() => Assert.ThrowsAsync<ListWatchException>(WatchAsync)!;

    private ListWatchException ThrownByList() => Assert.ThrowsAsync<ListWatchException>(() => Source(null, null).ListPageAsync(500, null, CancellationToken.None))!;

    private async Task<List<string>> WatchAsync()
    {
        var events = new List<string>();
        await foreach (var watchEvent in Source(null, null).WatchAsync("5", TimeSpan.FromSeconds(300), CancellationToken.None))
            events.Add($"{watchEvent.Kind} {watchEvent.ResourceVersion}{(watchEvent.Object is { } job ? " " + job.Name.Name : "")}");
        return events;
    }

    private HttpListerWatcher<JobProjection> Source(string? ns, string? labelSelector) =>
        new("Job", _server.Connect(), new ResourcePath("batch", "v1", "jobs"), ns, labelSelector, new JobDecoder(), _metrics, new FakeTimeProvider(), NullLogger.Instance);
}
