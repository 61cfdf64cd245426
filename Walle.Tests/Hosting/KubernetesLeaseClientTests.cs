using System.Net;
using System.Text;
using k8s;
using k8s.Autorest;
using NUnit.Framework;
using Walle.Controller.Hosting;

namespace Walle.Tests.Hosting;

/// <summary>What goes over the wire; what it means is in LeaderElectionTests.</summary>
internal sealed class KubernetesLeaseClientTests
{
    private static readonly LeaderElectionOptions Options = new() { Namespace = "walle-system", Name = "walle-controller", Identity = "pod_1" };
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 20, 0, 0, 123, TimeSpan.Zero);

    private Server _server = null!;
    private k8s.Kubernetes _kubernetes = null!;
    private KubernetesLeaseClient _client = null!;

    [SetUp]
    public void SetUp()
    {
        _server = new Server();
        _kubernetes = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = "http://server" }, _server);
        _client = new KubernetesLeaseClient(_kubernetes, Options.Namespace, Options.Name);
    }

    [TearDown]
    public void TearDown()
    {
        _kubernetes.Dispose();
        _server.Dispose();
    }

    [Test]
    public async Task Get_NotFound_IsNull()
    {
        _server.Status = HttpStatusCode.NotFound;
        Assert.That(await _client.GetAsync(CancellationToken.None), Is.Null);
        Assert.That(_server.Requests, Is.EqualTo(new[] { "GET /apis/coordination.k8s.io/v1/namespaces/walle-system/leases/walle-controller" }));
    }

    [Test]
    public void Get_Forbidden_Throws()
    {
        _server.Status = HttpStatusCode.Forbidden;
        Assert.That(() => _client.GetAsync(CancellationToken.None), Throws.InstanceOf<HttpOperationException>());
    }

    [Test]
    public async Task CreateAndUpdate_SendTheWholeRecord()
    {
        var created = await _client.CreateAsync(LeaseRecords.New(Options, Now), CancellationToken.None);
        Assert.That(_server.Bodies[0], Does.Contain("\"renewTime\":\"2026-11-22T20:00:00.123000Z\"").And.Contain("\"holderIdentity\":\"pod_1\"").And.Contain("\"leaseDurationSeconds\":15"));

        created.Metadata.ResourceVersion = "7";
        await _client.UpdateAsync(LeaseRecords.Renewed(created, Options, Now.AddSeconds(2)), CancellationToken.None);
        Assert.That(_server.Requests[1], Does.StartWith("PUT /apis/coordination.k8s.io/v1/namespaces/walle-system/leases/walle-controller?fieldManager=walle-controller"));
        Assert.That(_server.Bodies[1], Does.Contain("\"resourceVersion\":\"7\"").And.Contain("\"acquireTime\":\"2026-11-22T20:00:00.123000Z\"").And.Contain("\"renewTime\":\"2026-11-22T20:00:02.123000Z\""));

        var released = LeaseRecords.Released(created, Now);
        await _client.UpdateAsync(released, CancellationToken.None);
        Assert.That(_server.Bodies[2], Does.Contain("\"holderIdentity\":\"\""));
    }

    /// <summary>Answers with what was sent.</summary>
    private sealed class Server : DelegatingHandler
    {
        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public List<string> Requests { get; } = [];

        public List<string> Bodies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "{}" : await request.Content.ReadAsStringAsync(cancellationToken);
            Requests.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
            Bodies.Add(body);
            return new HttpResponseMessage(Status) { RequestMessage = request, Content = new StringContent(Status == HttpStatusCode.OK ? body : """{"kind":"Status"}""", Encoding.UTF8, "application/json") };
        }
    }
}
