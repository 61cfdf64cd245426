using System.Text.Json;
using System.Text.Json.Serialization;

namespace Walle.Crds.Json;

/// <summary>A resource.Quantity as text; reads the number that Kubernetes allows as well (<c>cpu: 2</c>).</summary>
public sealed class QuantityConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ReadQuantity(ref reader);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    internal static string? ReadQuantity(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
        _ => throw new JsonException("not a quantity"),
    };
}
