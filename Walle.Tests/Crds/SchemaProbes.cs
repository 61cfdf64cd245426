using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Walle.Crds.Schema;

namespace Walle.Tests.Crds;

/// <summary>Records with one property for each attribute; in a file of their own, since NUnit has attributes with the same names.</summary>
internal static class SchemaProbes
{
    [ExactlyOneOf("text", "time")]
    [Exclusive("texts", "large", "choose")]
    [CelRule("self == oldSelf", "fixed", Schema = """{"required": ["map"]}""")]
    internal sealed record Probe
    {
        [Description("d"), Required] public string Text { get; init; } = "";
        [Description("d"), DefaultValue(true)] public bool? Flag { get; init; }
        [Description("d"), DefaultValue(3), Range(1, 9)] public int? Small { get; init; }
        [Description("d")] public long? Large { get; init; }
        [Description("d")] public double? Fraction { get; init; }
        [Description("d")] public DateTimeOffset? Time { get; init; }
        [Description("d"), MinLength(1), MaxLength(5), Pattern("^a+$")] public string? Limited { get; init; }
        [Description("d"), Required, AllowedValues("a", "b"), DefaultValue("a")] public string? Choice { get; init; }
        [Description("d"), Quantity, Pattern("^a+$")] public string? Size { get; init; }
        [Description("d"), MinLength(1), MaxLength(4), ItemLimits(MinLength = 2, MaxLength = 7, Pattern = "^a+$")] public List<string>? Texts { get; init; }
        [Description("d"), MaxLength(4), ItemRange(0, 5)] public List<long>? Numbers { get; init; }
        [Description("d"), MaxLength(4), ItemLimits(MaxLength = 7)] public Dictionary<string, string>? Map { get; init; }
        [Description("d"), Quantity] public Dictionary<string, string>? Sizes { get; init; }
        [Description("d"), PreserveUnknownFields] public JsonElement? Foreign { get; init; }
        [Description("d"), PreserveUnknownFields] public List<JsonElement>? Foreigners { get; init; }
        [Description("d"), JsonPropertyName("renamed-1")] public string? Renamed { get; init; }
        [Description("d"), CelRule("self != ''", "no", nameof(Twin))] public string? Ruled { get; init; }
        [Description("d"), ListMapKey("key")] public List<Inner>? Keyed { get; init; }
        [Description("d")] public Inner? Inner { get; init; }
        [Description("d"), Overrides("spec.inner")] public Inner? Override { get; init; }
        [JsonIgnore] public string? Hidden { get; init; }
        internal bool Twin => Ruled != "";
    }

    internal sealed record Inner
    {
        [Description("k"), Required] public string Key { get; init; } = "";
        [Description("n"), DefaultValue("x")] public string? Note { get; init; }
    }

    internal sealed record WithEnum(DayOfWeek Day);

    internal sealed record WithDroppedContent(JsonElement Any);

    internal sealed record WithOptionalKey
    {
        [ListMapKey("note")] public List<Inner>? Items { get; init; }
    }

    [ExactlyOneOf("nothing")]
    internal sealed record WithRuleAboutNothing;
}
