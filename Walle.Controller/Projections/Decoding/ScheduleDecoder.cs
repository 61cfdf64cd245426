using System.Text.Json;
using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Controller.Projections.Decoding;

/// <summary>BackupSchedule -> <see cref="ScheduleProjection"/>. What cannot be read is named in DecodeError, as for a BackupJob.</summary>
internal sealed class ScheduleDecoder : IProjectionDecoder<ScheduleProjection>
{
    public ScheduleProjection? Decode(ref Utf8JsonReader reader, DecodeContext context)
    {
        var start = reader;
        if (!reader.TrySkip())
            return null;
        var schedule = DecodeWhole(start);
        if (string.IsNullOrEmpty(schedule.Metadata.Name) || string.IsNullOrEmpty(schedule.Metadata.Uid))
            return null;
        context.ResourceVersion = schedule.Metadata.ResourceVersion;
        context.Defect = schedule.DecodeError;
        return new ScheduleProjection(schedule);
    }

    private static BackupSchedule DecodeWhole(Utf8JsonReader reader)
    {
        try
        {
            var attempt = reader;
            if (JsonSerializer.Deserialize(ref attempt, CrdJsonContext.Default.BackupSchedule) is { Metadata: not null, Spec: not null } whole)
                return whole;
        }
        catch (JsonException)
        {
            // Told below, by the part that it belongs to.
        }

        var parts = ResourceParts<BackupScheduleSpec, BackupScheduleStatus>.Read(ref reader, CrdJsonContext.Default.BackupScheduleSpec, CrdJsonContext.Default.BackupScheduleStatus);
        return new BackupSchedule { Metadata = parts.Metadata, Spec = parts.Spec ?? new(), Status = parts.Status, DecodeError = parts.Error };
    }
}
