using System.ComponentModel;
using System.Text.Json.Serialization;
using Walle.Crds.Json;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>Resource requests and limits, as in a container's spec.</summary>
public sealed record WorkerResources
{
    [Description("What the scheduler sets aside, by resource."), MaxLength(8), Quantity, ItemLimits(MaxLength = 32, Pattern = Patterns.Quantity)]
    [JsonConverter(typeof(QuantityMapConverter))]
    public Dictionary<string, string>? Requests { get; init; }

    [Description("What the container may use at most, by resource. A cpu limit under 2 slows restic down by half."), MaxLength(8), Quantity, ItemLimits(MaxLength = 32, Pattern = Patterns.Quantity)]
    [JsonConverter(typeof(QuantityMapConverter))]
    public Dictionary<string, string>? Limits { get; init; }
}
