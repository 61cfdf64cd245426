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
    public static async Task<ExecStatus> RunAsync(WebSocket socket, Func<ExecFrame, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(take);
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
