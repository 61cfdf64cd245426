using System.Net;
using System.Net.WebSockets;
using Walle.Tests.Cluster;

namespace Walle.Tests.Exec;

/// <summary>An API server of one exec: a real HTTP server that takes the newest version of the protocol that it knows.</summary>
internal sealed class ExecServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    /// <param name="known">Versions, the preferred one first.</param>
    /// <param name="serve">What it does with the connection.</param>
    public ExecServer(string[] known, Func<WebSocket, Task> serve)
    {
        // Another process may take the port in between: then the next one.
        for (var tries = 0; ; tries++)
        {
            Address = new Uri($"http://127.0.0.1:{LocalPort.Free()}/");
            _listener.Prefixes.Clear();
            _listener.Prefixes.Add(Address.ToString());
            try
            {
                _listener.Start();
                break;
            }
            catch (HttpListenerException) when (tries < 5)
            {
                continue;
            }
        }

        _serving = ServeAsync(known, serve);
    }

    public Uri Address { get; }

    /// <summary>As the client wrote them.</summary>
    public string? Offered { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync(string[] known, Func<WebSocket, Task> serve)
    {
        var context = await _listener.GetContextAsync();
        Offered = context.Request.Headers["Sec-WebSocket-Protocol"];
        var offered = Offered?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        if (known.FirstOrDefault(offered.Contains) is not { } version)
        {
            context.Response.StatusCode = (int)HttpStatusCode.Forbidden;
            context.Response.Close();
            return;
        }

        var socket = (await context.AcceptWebSocketAsync(version)).WebSocket;
        await serve(socket);
        socket.Abort();
    }
}
