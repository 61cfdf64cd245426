using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Walle.Controller.Projections.Decoding;

/// <summary>
/// Reads values that may have an unexpected type (then: null, and skipped) from bytes that may end early (then: false or null, and every loop ends,
/// as Read keeps answering false).
/// </summary>
internal static class JsonReading
{
    /// <summary>Steps to the next property of the current object; false at its end. Each step must be followed by reading or skipping the value.</summary>
    public static bool NextProperty(ref this Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Steps onto the value; true when it is an object, otherwise the value is skipped.</summary>
    public static bool EnterObject(ref this Utf8JsonReader reader) => reader.Enter(JsonTokenType.StartObject);

    public static bool EnterArray(ref this Utf8JsonReader reader) => reader.Enter(JsonTokenType.StartArray);

    /// <summary>Steps to the next element that is an object; others are skipped. False at the end of the array.</summary>
    public static bool NextObject(ref this Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
                return true;
            reader.TrySkip();
        }
        return false;
    }

    /// <summary>Steps over the value of the current property.</summary>
    public static void SkipValue(ref this Utf8JsonReader reader) => reader.TrySkip();

    /// <summary>The value of the current property, from the pool.</summary>
    public static string? ReadPooled(ref this Utf8JsonReader reader, StringPool pool) => reader.EnterString() ? pool.Get(ref reader) : null;

    /// <summary>A quantity is a string, but the schema of some kinds takes a bare number as well; it is kept as written.</summary>
    public static string? ReadQuantity(ref this Utf8JsonReader reader, StringPool pool)
    {
        if (!reader.ReadValue())
            return null;
        return reader.TokenType switch
        {
            JsonTokenType.String => pool.Get(ref reader),
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            _ => null,
        };
    }

    public static string? ReadText(ref this Utf8JsonReader reader) => reader.EnterString() ? reader.GetString() : null;

    public static bool ReadTrue(ref this Utf8JsonReader reader) => reader.ReadValue() && reader.TokenType == JsonTokenType.True;

    public static int? ReadInt32(ref this Utf8JsonReader reader) =>
        reader.ReadValue() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) ? value : null;

    public static DateTimeOffset? ReadTime(ref this Utf8JsonReader reader) =>
        reader.EnterString() && DateTimeOffset.TryParse(reader.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;

    /// <summary>Steps onto the value; true when it is a string, otherwise the value is skipped.</summary>
    public static bool EnterString(ref this Utf8JsonReader reader) => reader.ReadValue() && reader.TokenType == JsonTokenType.String;

    private static bool Enter(ref this Utf8JsonReader reader, JsonTokenType start)
    {
        if (!reader.Read())
            return false;
        if (reader.TokenType == start)
            return true;
        reader.TrySkip();
        return false;
    }

    /// <summary>Reads a scalar; what has parts is skipped.</summary>
    private static bool ReadValue(ref this Utf8JsonReader reader) => reader.Read() && reader.TrySkip();
}
