namespace Walle.Worker.Restic;

/// <summary>Splits a stream into lines without ever holding more than one line of bounded length; what is longer is cut off.</summary>
internal sealed class BoundedLineReader(Stream stream, int longest = 64 * 1024)
{
    /// <param name="line">Called for each line, without its end; the memory is reused afterwards.</param>
    public async Task ReadAsync(Action<ReadOnlyMemory<byte>> line)
    {
        var buffer = new byte[longest + 16 * 1024];
        var filled = 0;
        var skipping = false;
        int read;
        while ((read = await stream.ReadAsync(buffer.AsMemory(filled))) > 0)
        {
            var end = filled + read;
            var start = 0;
            int length;
            while ((length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n')) >= 0)
            {
                if (!skipping)
                    line(Trim(buffer.AsMemory(start, Math.Min(length, longest))));
                skipping = false;
                start += length + 1;
            }
            filled = end - start;
            if (skipping)
            {
                filled = 0;
            }
            else if (filled >= longest)
            {
                line(buffer.AsMemory(start, longest));
                skipping = true;
                filled = 0;
            }
            buffer.AsSpan(start, filled).CopyTo(buffer);
        }
        if (filled > 0 && !skipping)
            line(Trim(buffer.AsMemory(0, filled)));
    }

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> line) => line.Span is [.., (byte)'\r'] ? line[..^1] : line;
}
