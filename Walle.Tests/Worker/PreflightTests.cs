using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Worker;
using Walle.Worker.Environment;

namespace Walle.Tests.Worker;

public class PreflightTests
{
    private static readonly DnsEndPoint Server = new("backup.example", 443);

    [TestCase(SocketError.ConnectionRefused, "connection refused")]
    [TestCase(SocketError.HostNotFound, "no such host")]
    [TestCase(SocketError.NetworkUnreachable, "network is unreachable")]
    public async Task A_server_that_never_answers_is_unreachable_after_the_deadline(SocketError error, string named)
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
        var attempts = 0;
        var preflight = new Preflight(time, (_, _) => { attempts++; throw new SocketException((int)error); });
        var running = preflight.RunAsync(Server, TimeSpan.FromSeconds(60), CancellationToken.None);
        while (!running.IsCompleted)
            time.Advance(TimeSpan.FromSeconds(1));
        try
        {
            await running;
            Assert.Fail("it found a server");
        }
        catch (WorkerException unreachable)
        {
            Assert.That(unreachable.Reason, Is.EqualTo(Reason.RepositoryUnreachable));
            Assert.That(unreachable.Message, Is.EqualTo($"backup.example:443 took no connection within 60 s: {named}"));
            Assert.That(attempts, Is.GreaterThan(3));
        }
    }

    [Test]
    public async Task A_server_that_comes_up_late_is_reached()
    {
        var time = new FakeTimeProvider();
        var attempts = 0;
        var preflight = new Preflight(time, (_, _) => ++attempts < 4 ? throw new SocketException((int)SocketError.ConnectionRefused) : ValueTask.CompletedTask);
        var running = preflight.RunAsync(Server, TimeSpan.FromSeconds(60), CancellationToken.None);
        while (!running.IsCompleted)
            time.Advance(TimeSpan.FromSeconds(1));
        await running;
        Assert.That(attempts, Is.EqualTo(4));
    }
}
