using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Walle.Controller.Hosting;

namespace Walle.Tests.Hosting;

internal sealed class HttpEndpointTests
{
    private readonly HttpClient _client = new();
    private string? _fault;
    private CancellationTokenSource _stop = null!;
    private HttpEndpoint _endpoint = null!;
    private Task _running = null!;

    [SetUp]
    public void SetUp()
    {
        _stop = new CancellationTokenSource();
        _fault = null;
        var health = new HealthEndpoint([new HealthCheck("loops", () => null)], [new HealthCheck("informer Job", () => null), new HealthCheck("informer Pod", () => _fault)]);
        _endpoint = New(0, health.Answer);
        _running = _endpoint.RunAsync(_stop.Token);
    }

    [TearDown]
    public async Task TearDown()
    {
        await _stop.CancelAsync();
        await _running;
        _endpoint.Dispose();
        _stop.Dispose();
    }

    [TearDown]
    public void DisposeClient() => _client.Dispose();

    [TestCase("127.0.0.1")]
    [TestCase("[::1]")]
    public async Task Get_OnEitherFamily_IsAnswered(string address)
    {
        if (address == "[::1]" && !Socket.OSSupportsIPv6)
            Assert.Ignore("this machine has no IPv6");
        using var response = await _client.GetAsync(new Uri($"http://{address}:{_endpoint.Port}/livez"));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("ok loops\nhealthy\n"));
    }

    [Test]
    public async Task Readyz_WithAFault_Is503AndNamesIt()
    {
        Assert.That(await Status("/readyz?verbose"), Is.EqualTo(200));
        _fault = "not synced yet";
        using var response = await _client.GetAsync(Uri("/readyz"));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("ok informer Job\nfailed informer Pod: not synced yet\nnot healthy\n"));
        Assert.That(await Status("/livez"), Is.EqualTo(200), "a restart would not help");
    }

    [Test]
    public async Task OtherPathsAndMethods_AreRefused()
    {
        Assert.That(await Status("/"), Is.EqualTo(404));
        using var response = await _client.PostAsync(Uri("/livez"), new StringContent(""));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
    }

    [TestCase("nonsense\r\n\r\n", "HTTP/1.1 400")]
    [TestCase("\r\n\r\n", "HTTP/1.1 400")]
    [TestCase("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200")]
    public async Task RawRequest_IsAnswered(string request, string expected)
    {
        using var connection = new TcpClient("127.0.0.1", _endpoint.Port);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(connection.GetStream());
        Assert.That(await reader.ReadToEndAsync(), Does.StartWith(expected));
    }

    [Test]
    public async Task Connections_ThatSayNothingOrTooMuch_KeepNobodyElseOut()
    {
        using var silent = new TcpClient("127.0.0.1", _endpoint.Port);
        using var flood = new TcpClient("127.0.0.1", _endpoint.Port);
        await flood.GetStream().WriteAsync(new byte[8 * 1024]);
        using (new TcpClient("127.0.0.1", _endpoint.Port))
        {
        }

        Assert.That(await Status("/livez"), Is.EqualTo(200));
    }

    [Test]
    public async Task Answer_LongerThanASocketsBuffer_ArrivesWhole()
    {
        var text = new string('x', 5_000_000);
        using var endpoint = New(0, _ => new HttpAnswer(200, text));
        var running = endpoint.RunAsync(_stop.Token);
        Assert.That(await _client.GetStringAsync(new Uri($"http://127.0.0.1:{endpoint.Port}/metrics")), Is.EqualTo(text));
        await _stop.CancelAsync();
        await running;
    }

    [Test]
    public void Port_InUse_NamesThePortAndTheFlags() => Assert.That(
        () => New(_endpoint.Port, _ => null),
        Throws.InstanceOf<InvalidOptionsException>().With.Message.Contains($"port {_endpoint.Port}").And.Message.Contains("--health-port"));

    private static HttpEndpoint New(int port, Func<string, HttpAnswer?> answer) => new(port, answer, TimeProvider.System, NullLogger<HttpEndpoint>.Instance);

    private Uri Uri(string path) => new($"http://127.0.0.1:{_endpoint.Port}{path}");

    private async Task<int> Status(string path)
    {
        using var response = await _client.GetAsync(Uri(path));
        return (int)response.StatusCode;
    }
}
