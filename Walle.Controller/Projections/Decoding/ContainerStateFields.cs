using System.Text.Json;

namespace Walle.Controller.Projections.Decoding;

/// <summary>What <see cref="PodProjection"/> keeps of one element of containerStatuses.</summary>
internal struct ContainerStateFields
{
    public string? Name;
    public string? WaitingReason;
    public string? WaitingMessage;
    public DateTimeOffset? StartedAt;
    public DateTimeOffset? FinishedAt;
    public int? ExitCode;
    public string? TerminatedReason;
    public string? TerminationMessage;

    /// <summary>The reader stands on the start of the object. lastState is not read: it tells of an earlier container.</summary>
    public static ContainerStateFields Read(ref Utf8JsonReader reader, StringPool strings)
    {
        var container = default(ContainerStateFields);
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("name"u8))
                container.Name = reader.ReadPooled(strings);
            else if (reader.ValueTextEquals("state"u8))
                container.ReadState(ref reader, strings);
            else
                reader.SkipValue();
        }
        return container;
    }

    private void ReadState(ref Utf8JsonReader reader, StringPool strings)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("waiting"u8))
                ReadWaiting(ref reader, strings);
            else if (reader.ValueTextEquals("running"u8))
                ReadRunning(ref reader);
            else if (reader.ValueTextEquals("terminated"u8))
                ReadTerminated(ref reader, strings);
            else
                reader.SkipValue();
        }
    }

    private void ReadWaiting(ref Utf8JsonReader reader, StringPool strings)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("reason"u8))
                WaitingReason = reader.ReadPooled(strings);
            else if (reader.ValueTextEquals("message"u8))
                WaitingMessage = reader.ReadText();
            else
                reader.SkipValue();
        }
    }

    private void ReadRunning(ref Utf8JsonReader reader)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("startedAt"u8))
                StartedAt = reader.ReadTime();
            else
                reader.SkipValue();
        }
    }

    private void ReadTerminated(ref Utf8JsonReader reader, StringPool strings)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("exitCode"u8))
                ExitCode = reader.ReadInt32();
            else if (reader.ValueTextEquals("reason"u8))
                TerminatedReason = reader.ReadPooled(strings);
            else if (reader.ValueTextEquals("message"u8))
                TerminationMessage = reader.ReadText();
            else if (reader.ValueTextEquals("startedAt"u8))
                StartedAt = reader.ReadTime();
            else if (reader.ValueTextEquals("finishedAt"u8))
                FinishedAt = reader.ReadTime();
            else
                reader.SkipValue();
        }
    }
}
