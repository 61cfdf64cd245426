using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Walle.CsiNode;

/// <summary>Stands between the socket and Kestrel, cuts what comes in into HTTP/2 frames and has <see cref="AuthorityPatch"/> look at HEADERS.</summary>
internal static class FramePatcher
{
    private const int FrameHeaderLength = 9;
    private const int PrefaceLength = 24;
    private const byte Headers = 1;
    private const byte Padded = 8;
    private const byte Priority = 0x20;

    public static ConnectionDelegate Use(ConnectionDelegate next) => async connection =>
    {
        var original = connection.Transport;
        var patched = new Pipe();
        connection.Transport = new Duplex(patched.Reader, original.Output);
        var pump = PumpAsync(original.Input, patched.Writer);
        try
        {
            await next(connection);
        }
        finally
        {
            await patched.Reader.CompleteAsync();
            original.Input.CancelPendingRead();
            await pump;
            connection.Transport = original;
        }
    };

    private static async Task PumpAsync(PipeReader input, PipeWriter output)
    {
        var prefaceSeen = false;
        try
        {
            while (true)
            {
                var read = await input.ReadAsync();
                var buffer = read.Buffer;
                while (TakeFrame(ref buffer, ref prefaceSeen, out var frame))
                    output.Write(frame);
                input.AdvanceTo(buffer.Start, buffer.End);
                var flushed = await output.FlushAsync();
                if (read.IsCompleted || read.IsCanceled || flushed.IsCompleted)
                    return;
            }
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or ConnectionResetException)
        {
            // The other side is gone; Kestrel sees the end of the input below.
        }
        finally
        {
            await output.CompleteAsync();
        }
    }

    private static bool TakeFrame(ref ReadOnlySequence<byte> buffer, ref bool prefaceSeen, out byte[] frame)
    {
        frame = [];
        long length;
        if (prefaceSeen)
        {
            if (buffer.Length < FrameHeaderLength)
                return false;
            var header = buffer.Slice(0, FrameHeaderLength).ToArray();
            length = FrameHeaderLength + ((header[0] << 16) | (header[1] << 8) | header[2]);
        }
        else
        {
            length = PrefaceLength;
        }

        if (buffer.Length < length)
            return false;
        frame = buffer.Slice(0, length).ToArray();
        buffer = buffer.Slice(length);
        if (prefaceSeen && frame[3] == Headers)
            AuthorityPatch.Apply(HeaderBlock(frame));
        prefaceSeen = true;
        return true;
    }

    private static Span<byte> HeaderBlock(byte[] frame)
    {
        var flags = frame[4];
        var block = frame.AsSpan(FrameHeaderLength);
        if ((flags & Padded) != 0)
            block = block[1..^block[0]];
        return (flags & Priority) != 0 ? block[5..] : block;
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
