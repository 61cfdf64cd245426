namespace Walle.Controller.Projections.Decoding;

/// <summary>What decoding one object after the other shares. Not thread-safe: one list or watch at a time.</summary>
internal sealed class DecodeContext
{
    public StringPool Strings { get; } = new();

    public LabelSetPool LabelSets { get; } = new();

    /// <summary>Scratch space for the labels of the object that is being read.</summary>
    public List<KeyValuePair<string, string>> Labels { get; } = [];

    /// <summary>Whether <see cref="ResourceVersion"/> is wanted: a watch resumes from it, a list has its own.</summary>
    public bool WantsResourceVersion { get; set; }

    /// <summary>metadata.resourceVersion of the last object, as the server wrote it.</summary>
    public string? ResourceVersion { get; set; }

    /// <summary>What was wrong with the last object although it could be kept, or null.</summary>
    public string? Defect { get; set; }
}
