using System.Text.Json;

namespace Walle.Controller.Projections.Decoding;

/// <summary>One element of status.conditions, as all kinds write it.</summary>
internal readonly record struct ConditionFields(string? Type, string? Status, string? Reason, string? Message, DateTimeOffset? LastTransitionTime)
{
    public bool IsTrue => Status == "True";

    public bool IsFalse => Status == "False";

    /// <summary>The reader stands on the start of the object.</summary>
    public static ConditionFields Read(ref Utf8JsonReader reader, StringPool strings)
    {
        string? type = null, status = null, reason = null, message = null;
        DateTimeOffset? lastTransitionTime = null;
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("type"u8))
                type = reader.ReadPooled(strings);
            else if (reader.ValueTextEquals("status"u8))
                status = reader.ReadPooled(strings);
            else if (reader.ValueTextEquals("reason"u8))
                reason = reader.ReadPooled(strings);
            else if (reader.ValueTextEquals("message"u8))
                message = reader.ReadText();
            else if (reader.ValueTextEquals("lastTransitionTime"u8))
                lastTransitionTime = reader.ReadTime();
            else
                reader.SkipValue();
        }
        return new ConditionFields(type, status, reason, message, lastTransitionTime);
    }
}
