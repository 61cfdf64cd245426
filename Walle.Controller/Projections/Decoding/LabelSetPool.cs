using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Walle.Controller.Projections.Decoding;

/// <summary>Gives one array for equal sets of labels: the claims of a StatefulSet all carry the same. Bounded as <see cref="StringPool"/> is.</summary>
internal sealed class LabelSetPool
{
    private const int Slots = 512;

    private readonly KeyValuePair<string, string>[]?[] _entries = new KeyValuePair<string, string>[]?[Slots];

    /// <summary>Sorts the labels by key in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public IReadOnlyList<KeyValuePair<string, string>> Get(List<KeyValuePair<string, string>> labels)
    {
        if (labels.Count == 0)
            return [];
        labels.Sort(static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        var hash = default(HashCode);
        foreach (var (key, value) in labels)
        {
            hash.Add(key);
            hash.Add(value);
        }
        ref var entry = ref _entries[(uint)hash.ToHashCode() % Slots];
        if (entry is null || !entry.AsSpan().SequenceEqual(CollectionsMarshal.AsSpan(labels)))
            entry = [.. labels];
        return entry;
    }
}
