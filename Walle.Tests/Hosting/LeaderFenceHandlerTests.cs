using System.Net;
using NUnit.Framework;
using Walle.Controller.Hosting;

namespace Walle.Tests.Hosting;

internal sealed class LeaderFenceHandlerTests
{
    [TestCase("GET", false, true)]
    [TestCase("HEAD", false, true)]
    [TestCase("POST", false, false)]
    [TestCase("PUT", false, false)]
    [TestCase("PATCH", false, false)]
    [TestCase("DELETE", false, false)]
    [TestCase("DELETE", true, true)]
    public async Task Request_WithoutLeadership_PassesOnlyIfItReads(string method, bool leads, bool passes)
    {
        using var election = new Election(leads);
        var server = new Server();
        using var client = new HttpMessageInvoker(new LeaderFenceHandler(election) { InnerHandler = server });
        using var request = new HttpRequestMessage(new HttpMethod(method), "https://server/");
        if (passes)
            await client.SendAsync(request, CancellationToken.None);
        else
            Assert.That(() => client.SendAsync(request, CancellationToken.None), Throws.InstanceOf<LeadershipLostException>());
        Assert.That(server.Requests, Is.EqualTo(passes ? 1 : 0));
    }

    private sealed class Server : HttpMessageHandler
    {
        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
        }
    }

    private sealed class Election(bool leads) : ILeaderElection
    {
        public bool IsLeader => leads;

        public CancellationToken Lost => CancellationToken.None;

        public void ThrowIfNotLeader()
        {
            if (!leads)
                throw new LeadershipLostException("lost");
        }

        public Task AcquireAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task HoldAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task ReleaseAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
