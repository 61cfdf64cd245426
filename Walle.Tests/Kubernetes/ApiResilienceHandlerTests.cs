using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Walle.Controller.Kubernetes;
using Walle.Tests.Fakes;

namespace Walle.Tests.Kubernetes;

internal sealed class ApiResilienceHandlerTests
{
    private static readonly ApiResilienceOptions Options = new();

    private FakeTimeProvider _time = null!;
    private Meter _meter = null!;
    private ScriptedHandler _server = null!;
    private HttpMessageInvoker _client = null!;

    [SetUp]
    public void SetUp()
    {
        _time = new FakeTimeProvider();
        _meter = new Meter("Walle");
        _server = new ScriptedHandler();
        _client = new HttpMessageInvoker(new ApiResilienceHandler(Options, _meter, _time, NullLogger<ApiResilienceHandler>.Instance) { InnerHandler = _server });
    }

    [TearDown]
    public void TearDown()
    {
        _client.Dispose();
        _server.Dispose();
        _meter.Dispose();
    }

    [TestCase("GET", "500", 2)]
    [TestCase("GET", "503", 2)]
    [TestCase("GET", "429", 2)]
    [TestCase("GET", "connect", 2)]
    [TestCase("GET", "reset", 2)]
    [TestCase("GET", "404", 1)]
    [TestCase("GET", "403", 1)]
    [TestCase("GET", "410", 1)]
    [TestCase("POST", "429", 2)]
    [TestCase("POST", "connect", 2)]
    [TestCase("POST", "500", 1)]
    [TestCase("POST", "reset", 1)]
    [TestCase("PUT", "503", 1)]
    [TestCase("PUT", "409", 1)]
    [TestCase("PATCH", "429", 2)]
    [TestCase("PATCH", "504", 1)]
    [TestCase("DELETE", "reset", 1)]
    [TestCase("DELETE", "429", 2)]
    public async Task Verb_AndFailure_IsTriedThisOften(string method, string failure, int expected)
    {
        using var metrics = new RecordedMetrics(_meter);
        _server.Script = attempt => attempt == 1 ? Fail(failure) : Answer(HttpStatusCode.OK);
        try
        {
            using var response = await Run(Request(method));
            Assert.That((int)response.StatusCode, Is.EqualTo(expected == 2 ? 200 : int.Parse(failure, null)));
        }
        catch (HttpRequestException) when (failure == "reset")
        {
            Assert.That(expected, Is.EqualTo(1));
        }

        Assert.That(_server.Bodies, Has.Count.EqualTo(expected));
        Assert.That(_server.Bodies, Is.All.EqualTo(_server.Bodies[0]), "a body is sent again in full");
    }

    [Test]
    public async Task Failures_ThatDoNotEnd_AreHandedToTheCallerAfterTheLastRetry()
    {
        _server.Script = _ => Answer(HttpStatusCode.ServiceUnavailable);
        using var response = await Run(Request("GET"));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(_server.Bodies, Has.Count.EqualTo(1 + Options.MaxRetries));
    }

    [TestCase("watch=true")]
    [TestCase("allowWatchBookmarks=true&watch=true&timeoutSeconds=300")]
    [TestCase("watch=1")]
    public async Task Watch_IsNeitherRetriedNorTimed(string query)
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        _server.Script = _ => answer.Task;
        var call = _client.SendAsync(Request("GET", query), CancellationToken.None);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(call.IsCompleted, Is.False);
        answer.SetResult(new HttpResponseMessage(HttpStatusCode.TooManyRequests));
        Assert.That((await call).StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(_server.Bodies, Has.Count.EqualTo(1));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task RetryAfter_IsWaitedFor(bool asDate)
    {
        _server.Script = attempt => attempt == 1
            ? Answer(HttpStatusCode.TooManyRequests, asDate ? new(_time.GetUtcNow().AddSeconds(7)) : new(TimeSpan.FromSeconds(7)))
            : Answer(HttpStatusCode.OK);
        var call = _client.SendAsync(Request("POST"), CancellationToken.None);
        await Eventually.BecomesTrue(() => _server.Bodies.Count == 1, "first attempt");
        _time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.That(_server.Bodies, Has.Count.EqualTo(1));
        _time.Advance(TimeSpan.FromSeconds(0.3));
        Assert.That((await call).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task RetryAfter_TooLong_IsLeftToTheCaller()
    {
        _server.Script = _ => Answer(HttpStatusCode.TooManyRequests, new(TimeSpan.FromSeconds(11)));
        using var response = await _client.SendAsync(Request("GET"), CancellationToken.None);
        Assert.That(response.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromSeconds(11)));
        Assert.That(_server.Bodies, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Silence_EndsWithTheTotalTimeout_AndNamesTheCall()
    {
        _server.Script = _ => new TaskCompletionSource<HttpResponseMessage>().Task;
        var call = _client.SendAsync(Request("GET"), CancellationToken.None);
        await Eventually.BecomesTrue(() => _server.Bodies.Count == 1, "sent");
        _time.Advance(Options.TotalTimeout);
        Assert.That(async () => await call, Throws.InstanceOf<HttpRequestException>().With.Message.EqualTo("GET /api/v1/pods: no answer from the API server within 25 s"));
    }

    [Test]
    public async Task Cancelled_ByTheCaller_EndsAtOnce()
    {
        using var cancel = new CancellationTokenSource();
        _server.Script = _ => Answer(HttpStatusCode.ServiceUnavailable);
        var call = _client.SendAsync(Request("GET"), cancel.Token);
        await Eventually.BecomesTrue(() => _server.Bodies.Count == 1, "sent");
        await cancel.CancelAsync();
        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Retries_AreCounted()
    {
        using var metrics = new RecordedMetrics(_meter);
        _server.Script = attempt => attempt == 1 ? Answer(HttpStatusCode.BadGateway) : Answer(HttpStatusCode.OK);
        await Run(Request("GET"));
        Assert.That(metrics["walle_api_retries{method=GET,reason=502}"], Is.EqualTo(1));
    }

    /// <summary>Sends, and lets the time of each delay pass.</summary>
    private async Task<HttpResponseMessage> Run(HttpRequestMessage request)
    {
        var call = _client.SendAsync(request, CancellationToken.None);
        await Eventually.BecomesTrue(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                return call.IsCompleted;
            },
            "answered");
        return await call;
    }

    private static HttpRequestMessage Request(string method, string query = "limit=500") =>
        new(new HttpMethod(method), $"https://server/api/v1/pods?{query}") { Content = method is "GET" or "DELETE" ? null : new StringContent("{\"a\":1}", Encoding.UTF8) };

    private static Task<HttpResponseMessage> Fail(string failure) => failure switch
    {
        "connect" => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused"),
        "reset" => throw new HttpRequestException(HttpRequestError.ResponseEnded, "reset"),
        _ => Answer((HttpStatusCode)int.Parse(failure, null)),
    };

    private static Task<HttpResponseMessage> Answer(HttpStatusCode code, RetryConditionHeaderValue? retryAfter = null)
    {
        var response = new HttpResponseMessage(code);
        response.Headers.RetryAfter = retryAfter;
        return Task.FromResult(response);
    }

    private sealed class ScriptedHandler : HttpMessageHandler
    {
        public Func<int, Task<HttpResponseMessage>> Script { get; set; } = _ => Answer(HttpStatusCode.OK);

        public List<string> Bodies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Bodies.Add(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
            return await Script(Bodies.Count).WaitAsync(cancellationToken);
        }
    }
}
