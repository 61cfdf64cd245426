using System.Text.Json;
using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Controller.Projections.Decoding;

/// <summary>
/// BackupJob -> <see cref="BackupJobProjection"/>. A part of a wrong type (it got past an old schema) is left out and named in DecodeError, so that
/// the object can be told what is wrong with it and no other object suffers.
/// </summary>
internal sealed class BackupJobDecoder : IProjectionDecoder<BackupJobProjection>
{
    public BackupJobProjection? Decode(ref Utf8JsonReader reader, DecodeContext context)
    {
        var start = reader;
        if (!reader.TrySkip())
            return null;
        var backupJob = DecodeWhole(start);
        if (string.IsNullOrEmpty(backupJob?.Metadata.Name) || string.IsNullOrEmpty(backupJob.Metadata.Uid))
            return null;
        context.ResourceVersion = backupJob.Metadata.ResourceVersion;
        context.Defect = backupJob.DecodeError;
        return new BackupJobProjection(backupJob);
    }

    private static BackupJob? DecodeWhole(Utf8JsonReader reader)
    {
        try
        {
            var attempt = reader;
            if (JsonSerializer.Deserialize(ref attempt, CrdJsonContext.Default.BackupJob) is { Metadata: not null, Spec: not null } whole)
                return whole;
        }
        catch (JsonException)
        {
            // Told below, by the part that it belongs to.
        }

        var parts = ResourceParts<BackupJobSpec, BackupJobStatus>.Read(ref reader, CrdJsonContext.Default.BackupJobSpec, CrdJsonContext.Default.BackupJobStatus);
        return new BackupJob { Metadata = parts.Metadata, Spec = parts.Spec ?? new(), Status = parts.Status, DecodeError = parts.Error };
    }
}
