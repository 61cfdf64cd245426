using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Walle.Controller.Hosting;

/// <summary>
/// Answers GETs of kubelet and Prometheus on one port, on IPv4 and IPv6, one request a connection. Not HttpListener: on Linux it listens on IPv4 only,
/// so that in an IPv6 cluster every probe would fail. Not Kestrel: it would bring the ASP.NET runtime for two pages of text.
/// </summary>
internal sealed partial class HttpEndpoint : IDisposable
{
    /// <summary>A probe's request has some 200 bytes.</summary>
    private const int MaxRequestBytes = 8 * 1024;

    /// <summary>More at once are not answered until others have ended: nobody can make the controller hold sockets without end.</summary>
    private const int MaxConnections = 32;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    private readonly Socket _listener;
    private readonly Func<string, HttpAnswer?> _answer;
    private readonly TimeProvider _time;
    private readonly ILogger<HttpEndpoint> _logger;
    private readonly SemaphoreSlim _free = new(MaxConnections);

    /// <summary>Binds at once, so that a port in use is reported at the start.</summary>
    /// <param name="answer">By path; null is 404.</param>
    public HttpEndpoint(int port, Func<string, HttpAnswer?> answer, TimeProvider time, ILogger<HttpEndpoint> logger)
    {
        _answer = answer;
        _time = time;
        _logger = logger;
        _listener = Bind(port);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await _free.WaitAsync(cancellationToken);
                var connection = await _listener.AcceptAsync(cancellationToken);
                _ = AnswerAndCloseAsync(connection, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException error)
            {
                // Of the one connection, or for want of file handles: the port itself is still ours.
                _free.Release();
                LogAccept(error.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time, CancellationToken.None);
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private static Socket Bind(int port)
    {
        var family = Socket.OSSupportsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (family == AddressFamily.InterNetworkV6)
                socket.DualMode = true;
            socket.Bind(new IPEndPoint(family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, port));
            socket.Listen();
            return socket;
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new InvalidOptionsException([$"port {port} cannot be listened on: {error.Message}. Choose others with --metrics-port and --health-port"]);
        }
    }

    private async Task AnswerAndCloseAsync(Socket connection, CancellationToken cancellationToken)
    {
        try
        {
            using var timeout = new CancellationTokenSource(RequestTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            using var closing = connection;
            var request = await ReadAsync(connection, either.Token);
            if (request is null)
                return;

            var answer = Answer(request);
            var body = Encoding.UTF8.GetBytes(answer.Body);
            var head = $"HTTP/1.1 {answer.Status} {(HttpStatusCode)answer.Status}\r\nContent-Type: {answer.ContentType}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n";
            await using var stream = new NetworkStream(connection);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), either.Token);
            await stream.WriteAsync(body, either.Token);
            connection.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or IOException or OperationCanceledException)
        {
            // The other side went away, or is too slow: its loss.
        }
        catch (Exception error)
        {
            LogFailed(error);
        }
        finally
        {
            _free.Release();
        }
    }

    private HttpAnswer Answer(string request)
    {
        var line = request[..request.IndexOf('\r', StringComparison.Ordinal)].Split(' ');
        if (line.Length != 3)
            return new HttpAnswer(400, "bad request\n");
        if (line[0] != "GET")
            return new HttpAnswer(405, "only GET\n");

        return _answer(line[1].Split('?')[0]) ?? new HttpAnswer(404, "not found\n");
    }

    /// <summary>Up to the empty line. Null when it is no request.</summary>
    private static async Task<string?> ReadAsync(Socket connection, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxRequestBytes];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await connection.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None, cancellationToken);
            if (read == 0)
                return null;
            length += read;
            if (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) >= 0)
                return Encoding.ASCII.GetString(buffer, 0, length);
        }

        return null;
    }

    [LoggerMessage(1, LogLevel.Debug, "A connection was not accepted: {Error}")]
    private partial void LogAccept(string error);

    [LoggerMessage(2, LogLevel.Error, "A request was not answered")]
    private partial void LogFailed(Exception error);
}
