using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Walle.Crds;

/// <summary>What Walle's three kinds have in common.</summary>
public abstract record CustomResource
{
    [Description("Version of this kind's schema: ros.io/v1.")]
    public string? ApiVersion { get; init; }

    [Description("Kind of the object.")]
    public string? Kind { get; init; }

    [Description("Standard metadata of an object.")]
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>
    /// Why the spec could not be read (a value of a wrong type that got past an old schema), or null. The object then has no spec: one bad
    /// object must neither stop a list nor any other object.
    /// </summary>
    [JsonIgnore]
    public string? DecodeError { get; init; }
}
