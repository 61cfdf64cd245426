using System.Text.Json;
using System.Text.Json.Serialization;

namespace Walle.Crds.Json;

/// <summary>A map of resource.Quantities, each as text (<see cref="QuantityConverter"/>).</summary>
public sealed class QuantityMapConverter : JsonConverter<Dictionary<string, string>>
{
    public override Dictionary<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("not a map of quantities");
        var map = new Dictionary<string, string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            map[key] = QuantityConverter.ReadQuantity(ref reader) ?? "";
        }

        return map;
    }

    public override void Write(Utf8JsonWriter writer, Dictionary<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (key, quantity) in value)
            writer.WriteString(key, quantity);
        writer.WriteEndObject();
    }
}
