using System.Net;
using System.Net.Sockets;

namespace Walle.Tests.Worker.Restic;

/// <summary>A TCP proxy before a repository's server that resets connections or falls silent after so many bytes towards the server.</summary>
internal sealed class FaultyProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _serverPort;
    private long _sent;

    public FaultyProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Bytes after which the fault happens.</summary>
    public long After { get; init; } = long.MaxValue;

    /// <summary>Connections that are reset once that is reached; those after them live.</summary>
    public int Resets { get; init; }

    /// <summary>How long nothing passes then, once.</summary>
    public TimeSpan Silence { get; init; }

    public int ResetCount { get; private set; }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ForwardAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _serverPort);
                await Task.WhenAny(UpAsync(client, server), server.GetStream().CopyToAsync(client.GetStream()));
            }
            catch (Exception broken) when (broken is IOException or SocketException)
            {
                // As networks do.
            }
        }
    }

    private async Task UpAsync(TcpClient client, TcpClient server)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await client.GetStream().ReadAsync(buffer)) > 0)
        {
            var before = Interlocked.Add(ref _sent, read) - read;
            if (before + read > After && ResetCount < Resets)
            {
                ResetCount++;
                client.Client.LingerState = new LingerOption(true, 0);
                client.Close();
                return;
            }

            if (before <= After && before + read > After && Silence > TimeSpan.Zero)
                await Task.Delay(Silence, TimeProvider.System);
            await server.GetStream().WriteAsync(buffer.AsMemory(0, read));
        }
    }
}
