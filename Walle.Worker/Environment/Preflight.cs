using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;

namespace Walle.Worker.Environment;

/// <summary>
/// Asks whether the repository's server takes connections, with a deadline: restic itself goes on trying for a quarter of an hour and says so only in its log.
/// </summary>
internal sealed class Preflight(TimeProvider time, Func<DnsEndPoint, CancellationToken, ValueTask> connect)
{
    private static readonly TimeSpan LongestAttempt = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public Preflight(TimeProvider time)
        : this(time, ConnectAsync)
    {
    }

    public async Task RunAsync(DnsEndPoint server, TimeSpan deadline, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(250);
        while (true)
        {
            var left = deadline - time.GetElapsedTime(started);
            using var attempt = new CancellationTokenSource(left < LongestAttempt ? left : LongestAttempt, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(attempt.Token, stop);
            string cause;
            try
            {
                await connect(server, either.Token);
                return;
            }
            catch (SocketException refused)
            {
                cause = Cause(refused);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                cause = "no answer";
            }
            if (time.GetElapsedTime(started) + pause >= deadline)
                throw Unreachable(server, deadline, cause);
            await Task.Delay(pause, time, stop);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private static async ValueTask ConnectAsync(DnsEndPoint server, CancellationToken stop)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, stop);
    }

    /// <summary>In our own words: the runtime's texts are left out of the program to keep it small.</summary>
    private static string Cause(SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostNotFound or SocketError.NoData => "no such host",
        SocketError.TryAgain => "the name server does not answer",
        SocketError.NetworkUnreachable => "network is unreachable",
        SocketError.HostUnreachable => "no route to host",
        SocketError.TimedOut => "no answer",
        var other => other.ToString(),
    };

    private static WorkerException Unreachable(DnsEndPoint server, TimeSpan deadline, string cause) =>
        new(Reason.RepositoryUnreachable, WorkerExitCode.Failure,
            string.Create(CultureInfo.InvariantCulture, $"{server.Host}:{server.Port} took no connection within {deadline.TotalSeconds:0} s: {cause}"));
}
