namespace Walle.CsiNode;

/// <summary>
/// Old kubelets put the socket's path into HTTP/2's :authority, which Kestrel refuses with PROTOCOL_ERROR. The value is overwritten by as many bytes
/// of zeros: same length, so nothing around it changes, and valid as a host.
/// </summary>
internal static class AuthorityPatch
{
    private const int AuthorityIndex = 1;

    /// <summary>Walks the fields of a header block (RFC 7541 §6) and overwrites the value of :authority where it is spelled out.</summary>
    public static void Apply(Span<byte> block)
    {
        var at = 0;
        while (at < block.Length)
        {
            var first = block[at];
            if ((first & 0x80) != 0)
            {
                ReadInteger(block, ref at, 7);
                continue;
            }

            if ((first & 0xe0) == 0x20)
            {
                ReadInteger(block, ref at, 5);
                continue;
            }

            var name = ReadInteger(block, ref at, (first & 0x40) != 0 ? 6 : 4);
            if (name == 0)
                ReadText(block, ref at);
            var value = ReadText(block, ref at);
            if (name == AuthorityIndex)
                Overwrite(block[value.Range], value.Huffman);
        }
    }

    private static void Overwrite(Span<byte> value, bool huffman)
    {
        value.Fill(huffman ? (byte)0 : (byte)'0');
        // In Huffman's code '0' is five zero bits, and what is left of the last byte is filled with ones.
        if (huffman && value.Length > 0)
            value[^1] = (byte)((1 << (value.Length * 8 % 5)) - 1);
    }

    private static (Range Range, bool Huffman) ReadText(ReadOnlySpan<byte> block, ref int at)
    {
        var huffman = (block[at] & 0x80) != 0;
        var length = ReadInteger(block, ref at, 7);
        at += length;
        return ((at - length)..at, huffman);
    }

    private static int ReadInteger(ReadOnlySpan<byte> block, ref int at, int prefix)
    {
        var most = (1 << prefix) - 1;
        var value = block[at++] & most;
        if (value < most)
            return value;
        for (var shift = 0; ; shift += 7)
        {
            var next = block[at++];
            value += (next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
