using System.Buffers.Text;

namespace Walle.Controller.Projections;

/// <summary>A UID kept as 16 bytes when it is a UUID as Kubernetes writes it (a string of it takes 96), and as it is otherwise.</summary>
internal readonly record struct CompactUid
{
    private const int TextLength = 36;

    private readonly Guid _uuid;
    private readonly string? _text;

    private CompactUid(Guid uuid) => _uuid = uuid;

    public CompactUid(string text)
    {
        if (!Guid.TryParseExact(text, "D", out _uuid) || HasUpperCase(text))
            (_uuid, _text) = (default, text);
    }

    /// <summary>False when the text is no UUID in lower case: the caller then has to make a string.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out CompactUid uid)
    {
        uid = default;
        if (utf8.Length != TextLength || utf8.IndexOfAnyInRange((byte)'A', (byte)'F') >= 0 || !Utf8Parser.TryParse(utf8, out Guid uuid, out var read, 'D') || read != TextLength)
            return false;
        uid = new CompactUid(uuid);
        return true;
    }

    public override string ToString() => _text ?? _uuid.ToString("D");

    private static bool HasUpperCase(string text) => text.AsSpan().IndexOfAnyInRange('A', 'F') >= 0;
}
