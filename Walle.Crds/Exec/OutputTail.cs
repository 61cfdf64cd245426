namespace Walle.Crds.Exec;

/// <summary>The last bytes of an output of any length, and how many there were.</summary>
public sealed class OutputTail(int size = OutputTail.DefaultSize)
{
    public const int DefaultSize = 8 * 1024;
    private readonly byte[] _ring = new byte[size];

    /// <summary>All that were added.</summary>
    public long TotalBytes { get; private set; }

    public void Add(ReadOnlySpan<byte> output)
    {
        var last = output.Length > size ? output[^size..] : output;
        var at = (int)((TotalBytes + output.Length - last.Length) % size);
        var first = Math.Min(last.Length, size - at);
        last[..first].CopyTo(_ring.AsSpan(at));
        last[first..].CopyTo(_ring);
        TotalBytes += output.Length;
    }

    public byte[] ToArray()
    {
        if (TotalBytes <= size)
            return _ring[..(int)TotalBytes];
        var start = (int)(TotalBytes % size);
        return [.. _ring[start..], .. _ring[..start]];
    }
}
