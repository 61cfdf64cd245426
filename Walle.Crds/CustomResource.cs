using System.Text.Json.Serialization;

namespace Walle.Crds;

/// <summary>What Walle's three kinds have in common.</summary>
public abstract record CustomResource
{
    public string? ApiVersion { get; init; }
    public string? Kind { get; init; }
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>
    /// Why the spec could not be read (a value of a wrong type that got past an old schema), or null. The object then has no spec: one bad
    /// object must neither stop a list nor any other object.
    /// </summary>
    [JsonIgnore]
    public string? DecodeError { get; init; }
}
