using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Walle.Tests.Informers;

/// <summary>Stands between a client and the API server and can break the line: reset it, refuse new ones, or keep it open and pass nothing on.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, Socket> _pairs = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;
    private volatile bool _isRefusing;
    private volatile TaskCompletionSource _thaw = Completed();

    public TcpProxy(Uri target)
    {
        (_host, _port) = (target.Host, target.Port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections have been made through it.</summary>
    public int Connections { get; private set; }

    /// <summary>Resets all connections and every new one.</summary>
    public void Refuse()
    {
        _isRefusing = true;
        foreach (var (client, server) in _pairs)
        {
            Reset(client);
            Reset(server);
        }
    }

    public void Accept() => _isRefusing = false;

    /// <summary>Connections stay open, but no byte passes: what a vanished node or a NAT table does.</summary>
    public void Freeze() => _thaw = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>New connections work again; those that were frozen stay so.</summary>
    public void AcceptAfterFreeze() => _thaw = Completed();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        Refuse();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync(_stop.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            if (_isRefusing)
                Reset(client);
            else
                _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await server.ConnectAsync(_host, _port, _stop.Token);
            _pairs[client] = server;
            Connections++;
            Task<bool> up = CopyAsync(client, server), down = CopyAsync(server, client);
            // A side that has said all it had to say ends in peace: what it said last still has to arrive. A broken one breaks the other.
            if (await await Task.WhenAny(up, down) && await up && await down)
                client.Dispose();
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // The client sees a reset.
        }
        finally
        {
            _pairs.TryRemove(client, out _);
            Reset(client);
        }
    }

    /// <returns>Whether it came to its end.</returns>
    private async Task<bool> CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var length)
            {
                if (!_thaw.Task.IsCompleted)
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
                await to.SendAsync(buffer.AsMemory(0, length), _stop.Token);
            }

            to.Shutdown(SocketShutdown.Send);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            return false;
        }
    }

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }
        socket.Dispose();
    }
}
