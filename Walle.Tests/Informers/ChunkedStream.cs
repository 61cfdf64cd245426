namespace Walle.Tests.Informers;

/// <summary>Gives its bytes in pieces of the given lengths (the last one again and again), then ends, fails or stays open.</summary>
internal sealed class ChunkedStream(byte[] bytes, Exception? end, params int[] lengths) : Stream
{
    private int _position;
    private int _piece;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var length = Math.Min(Math.Min(lengths[Math.Min(_piece++, lengths.Length - 1)], bytes.Length - _position), buffer.Length);
        if (length == 0 && end is not null)
            throw end;
        bytes.AsSpan(_position, length).CopyTo(buffer);
        _position += length;
        return length;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
