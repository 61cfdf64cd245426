namespace Walle.Crds.Exec;

/// <summary>
/// Takes the messages of an exec connection apart. Pure, and of bounded memory: output is handed through and never kept. A message may come in any
/// number of pieces, and only its first byte names the channel: taken for one per piece it would shift bytes between channels, which the Kubernetes
/// client for C# does when a message's first piece is shorter than two bytes (research/reliability.md 3.8).
/// </summary>
public sealed class ExecDemultiplexer
{
    /// <summary>A metav1.Status is a few hundred bytes; what is longer comes from something else.</summary>
    public const int LongestStatus = 64 * 1024;

    private readonly List<byte> _status = [];
    private int _channel = -1;

    /// <summary>How the command ended; null until its status has come whole. A connection that ends before that has failed, whatever it delivered.</summary>
    public ExecStatus? Status { get; private set; }

    /// <summary>Why what follows cannot be trusted any more, or null.</summary>
    public string? Violation { get; private set; }

    /// <summary>The next piece of a message.</summary>
    /// <param name="endOfMessage">The message is whole with this piece.</param>
    public ExecFrame Feed(ReadOnlyMemory<byte> piece, bool endOfMessage)
    {
        if (Violation is not null)
            return default;
        if (_channel < 0 && !piece.IsEmpty)
        {
            _channel = piece.Span[0];
            piece = piece[1..];
        }

        var channel = _channel;
        if (endOfMessage)
            _channel = -1;
        switch (channel)
        {
            case ExecChannel.Stdout or ExecChannel.Stderr:
                return new ExecFrame((byte)channel, piece);
            case ExecChannel.Status:
                KeepStatus(piece, endOfMessage);
                return default;
            // Empty messages open a channel in v4; nothing is sent on stdin or resize by a server.
            case < 0 or ExecChannel.Stdin or ExecChannel.Resize or ExecChannel.Close:
                return default;
            default:
                Violation = $"the server sent data on channel {channel}, which the protocol does not know";
                return default;
        }
    }

    private void KeepStatus(ReadOnlyMemory<byte> piece, bool endOfMessage)
    {
        if (_status.Count + piece.Length > LongestStatus)
        {
            Violation = "the server sent a status that is too long to be one";
            return;
        }

        _status.AddRange(piece.Span);
        if (!endOfMessage || _status.Count == 0)
            return;
        if (Status is not null)
        {
            Violation = "the server sent two statuses";
            return;
        }

        Status = ExecStatus.Parse(_status.ToArray());
        _status.Clear();
        if (Status is null)
            Violation = "the server sent a status that cannot be read";
    }
}
