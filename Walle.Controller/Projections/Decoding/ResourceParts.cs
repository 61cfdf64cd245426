using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Walle.Crds;
using Walle.Crds.Json;

namespace Walle.Controller.Projections.Decoding;

/// <summary>
/// One of Walle's own objects that could not be read as a whole: what of it can be read, and what is wrong with the rest. A value of a wrong type
/// got past an old schema; the object must be told so, and no other may suffer.
/// </summary>
internal readonly record struct ResourceParts<TSpec, TStatus>(ObjectMeta Metadata, TSpec? Spec, TStatus? Status, string Error)
    where TSpec : class
    where TStatus : class
{
    public static ResourceParts<TSpec, TStatus> Read(ref Utf8JsonReader reader, JsonTypeInfo<TSpec> specType, JsonTypeInfo<TStatus> statusType)
    {
        ObjectMeta? metadata = null;
        TSpec? spec = null;
        TStatus? status = null;
        string? error = null;
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("metadata"u8))
                metadata = ReadPart(ref reader, CrdJsonContext.Default.ObjectMeta, "metadata", ref error);
            else if (reader.ValueTextEquals("spec"u8))
                spec = ReadPart(ref reader, specType, "spec", ref error);
            else if (reader.ValueTextEquals("status"u8))
                status = ReadPart(ref reader, statusType, "status", ref error);
            else
                reader.SkipValue();
        }
        return new(metadata ?? new(), spec, status, error ?? "spec: missing");
    }

    private static TPart? ReadPart<TPart>(ref Utf8JsonReader reader, JsonTypeInfo<TPart> type, string name, ref string? error)
        where TPart : class
    {
        reader.Read();
        var part = reader;
        reader.TrySkip();
        try
        {
            return JsonSerializer.Deserialize(ref part, type);
        }
        catch (JsonException exception)
        {
            // The path says where ("$.options.retryLimit"); the message would repeat the name of a .NET type.
            error ??= $"{name}{exception.Path?.TrimStart('$')}: the value has the wrong type";
            return null;
        }
    }
}
