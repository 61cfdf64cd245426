using System.Globalization;
using System.Net.WebSockets;

namespace Walle.Crds.Exec;

/// <summary>
/// The standard input of an exec. Each piece is sent before the next is taken, so that a slow command holds back whoever feeds it. Its end is told by v5
/// only; v4 has no message for it, and there the command is started by <see cref="Counted"/>.
/// </summary>
public sealed class ExecInput(WebSocket socket)
{
    private const int LargestPiece = 32 * 1024;

    // Its exit code is the command's, or 125.
    private const string Counting =
        "n=$1; shift; head -c \"$n\" | { \"$@\"; r=$?; left=$(($(wc -c))); "
        + "if [ $r = 0 ] && [ $left != 0 ]; then echo \"it ended with exit code 0 and left $left bytes of its input unread\" >&2; r=125; fi; exit $r; }";

    private readonly byte[] _frame = new byte[1 + LargestPiece];

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        _frame[0] = ExecChannel.Stdin;
        for (var rest = data; !rest.IsEmpty;)
        {
            var length = Math.Min(rest.Length, LargestPiece);
            rest[..length].CopyTo(_frame.AsMemory(1));
            await socket.SendAsync(_frame.AsMemory(0, 1 + length), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
            rest = rest[length..];
        }
    }

    /// <summary>The command's standard input ends.</summary>
    public async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        if (socket.SubProtocol == ExecConnection.Version5)
            await socket.SendAsync(new byte[] { ExecChannel.Close, ExecChannel.Stdin }, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
    }

    /// <summary>
    /// For v4: the command's input ends after so many bytes. The container needs a shell, <c>head</c> and <c>wc</c>. What the command leaves unread is
    /// read for it, since a server may otherwise drop its status or never send it (kubelet 1.20 does both); and that it left anything is a failure.
    /// </summary>
    public static IReadOnlyList<string> Counted(IReadOnlyList<string> command, long bytes) =>
        ["/bin/sh", "-c", Counting, "walle", bytes.ToString(CultureInfo.InvariantCulture), .. command];
}
