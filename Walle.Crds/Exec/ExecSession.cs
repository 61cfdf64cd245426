using System.Net.WebSockets;

namespace Walle.Crds.Exec;

/// <summary>Reads an exec connection to its end, one piece at a time: the next is read only when the last one has been taken, which holds back the command.</summary>
public static class ExecSession
{
    private const int BufferSize = 64 * 1024;

    // After the status nothing comes but the close; a server that forgets it must not hold anybody up.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    /// <param name="take">Gets each piece of output.</param>
    /// <returns>How the command ended. Every other end of the connection is an exception.</returns>
    /// <exception cref="IOException">The connection ended without the command's status: what came may be cut off.</exception>
    public static Task<ExecStatus> RunAsync(WebSocket socket, Func<ExecFrame, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(take);
        return ReadToEndAsync(socket, take, cancellationToken);
    }

    /// <summary>With an input, which is sent while the output is read. A command may end without having read all of it.</summary>
    /// <exception cref="IOException">Also when the input failed, or the server cannot tell a command where its input ends.</exception>
    public static async Task<ExecStatus> RunAsync(WebSocket socket, Func<ExecFrame, CancellationToken, ValueTask> take, Stream input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(take);
        ArgumentNullException.ThrowIfNull(input);
        if (socket.SubProtocol != ExecConnection.Version5)
            throw new IOException("the API server speaks v4 of the exec protocol, which cannot tell a command where its input ends; v5 comes with Kubernetes 1.30");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadToEndAsync(socket, take, stop.Token);
        var sending = ExecInput.SendAsync(socket, input, stop.Token);
        try
        {
            // A connection that breaks is told by the reader, who knows whether the status had come.
            if (await Task.WhenAny(reading, sending) == sending && sending.Exception?.InnerException is IOException failed and not { InnerException: WebSocketException })
                throw new IOException(failed.Message, failed);
            return await reading;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(reading, sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<ExecStatus> ReadToEndAsync(WebSocket socket, Func<ExecFrame, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
    {
        var demultiplexer = new ExecDemultiplexer();
        using var farewell = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await ReadAsync(socket, demultiplexer, take, farewell);
        }
        catch (Exception exception) when (demultiplexer is { Status: not null, Violation: null } && !cancellationToken.IsCancellationRequested
            && exception is WebSocketException or IOException or OperationCanceledException)
        {
            // The status has come: that the connection was not closed in due form changes nothing.
            return demultiplexer.Status;
        }
        catch (WebSocketException broken)
        {
            throw new IOException($"the connection was cut before the command's exit status came: {broken.Message}", broken);
        }

        return demultiplexer switch
        {
            { Violation: { } violation } => throw new IOException(violation),
            { Status: { } status } => status,
            _ => throw new IOException("the connection ended without the command's exit status: what came of its output may be cut off"),
        };
    }

    private static async Task ReadAsync(WebSocket socket, ExecDemultiplexer demultiplexer, Func<ExecFrame, CancellationToken, ValueTask> take, CancellationTokenSource farewell)
    {
        var buffer = new byte[BufferSize];
        while (demultiplexer.Violation is null)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), farewell.Token);
            if (received.MessageType == WebSocketMessageType.Close)
                return;
            var known = demultiplexer.Status is not null;
            var frame = demultiplexer.Feed(buffer.AsMemory(0, received.Count), received.EndOfMessage);
            if (!frame.Data.IsEmpty)
                await take(frame, farewell.Token);
            if (!known && demultiplexer.Status is not null)
                farewell.CancelAfter(Farewell);
        }
    }
}
