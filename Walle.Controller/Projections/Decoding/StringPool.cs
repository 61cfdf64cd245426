using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Walle.Controller.Projections.Decoding;

/// <summary>
/// Gives one string for equal JSON values (namespaces, classes, label keys), so that thousands of objects share it. Bounded: a newcomer puts out an
/// old entry of its set, and what nobody holds any more is collected, which string.Intern never does. Not thread-safe: one pool a reflector.
/// </summary>
internal sealed class StringPool(int sets)
{
    private const int Ways = 4;

    /// <summary>In bytes as they stand in the JSON: longer values are not worth comparing.</summary>
    private const int LongestPooled = 128;

    private readonly string?[] _entries = new string?[sets * Ways];
    private int _victim;

    public StringPool()
        : this(sets: 1024)
    {
    }

    /// <summary>The reader must stand on a string or a property name, in one segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public string Get(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > LongestPooled)
            return reader.GetString()!;
        Span<char> buffer = stackalloc char[LongestPooled];
        return Get(buffer[..reader.CopyString(buffer)]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public string Get(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty)
            return "";
        var set = _entries.AsSpan((int)((uint)string.GetHashCode(value) % (uint)sets) * Ways, Ways);
        foreach (ref var entry in set)
        {
            if (entry is null)
                return entry = value.ToString();
            if (value.SequenceEqual(entry))
                return entry;
        }
        _victim = (_victim + 1) % Ways;
        return set[_victim] = value.ToString();
    }
}
