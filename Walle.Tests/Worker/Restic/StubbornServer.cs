using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Walle.Tests.Worker.Restic;

/// <summary>An HTTP server that gives every request the same answer.</summary>
internal sealed class StubbornServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _body;
    private readonly int _status;

    public StubbornServer(int status, string body)
    {
        _status = status;
        _body = Encoding.UTF8.GetBytes(body);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII);
            var method = (await reader.ReadLineAsync())?.Split(' ')[0];
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
                // Only the request's end matters.
            }
            var head = Encoding.ASCII.GetBytes($"HTTP/1.1 {_status} {(HttpStatusCode)_status}\r\nContent-Type: application/xml\r\nContent-Length: {_body.Length}\r\nConnection: close\r\n\r\n");
            await stream.WriteAsync(head);
            if (method != "HEAD")
                await stream.WriteAsync(_body);
        }
    }
}
