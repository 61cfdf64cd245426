using System.Net.WebSockets;

namespace Walle.Crds.Exec;

/// <summary>A command's standard input over an exec connection, and its end: only v5 of the protocol can close a channel (KEP-4006).</summary>
internal static class ExecInput
{
    private const int BufferSize = 32 * 1024;

    /// <summary>Sends all of it and closes the channel. What ends before its own end is never closed: the command would take a part for the whole.</summary>
    /// <exception cref="IOException">The input itself failed.</exception>
    public static async Task SendAsync(WebSocket socket, Stream input, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        buffer[0] = ExecChannel.Stdin;
        while (await ReadAsync(input, buffer.AsMemory(1), cancellationToken) is > 0 and var length)
            await socket.SendAsync(buffer.AsMemory(0, length + 1), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        await socket.SendAsync(new byte[] { ExecChannel.Close, ExecChannel.Stdin }.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
    }

    private static async ValueTask<int> ReadAsync(Stream input, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await input.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or IOException))
        {
            throw new IOException($"the command's input failed: {exception.Message}", exception);
        }
    }
}
