using System.Text.Json;
using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Controller.Projections.Decoding;

/// <summary>RestoreJob -> <see cref="RestoreJobProjection"/>. What cannot be read is named in DecodeError, as for a BackupJob.</summary>
internal sealed class RestoreJobDecoder : IProjectionDecoder<RestoreJobProjection>
{
    public RestoreJobProjection? Decode(ref Utf8JsonReader reader, DecodeContext context)
    {
        var start = reader;
        if (!reader.TrySkip())
            return null;
        var job = DecodeWhole(start);
        if (string.IsNullOrEmpty(job.Metadata.Name) || string.IsNullOrEmpty(job.Metadata.Uid))
            return null;
        context.ResourceVersion = job.Metadata.ResourceVersion;
        context.Defect = job.DecodeError;
        return new RestoreJobProjection(job);
    }

    private static RestoreJob DecodeWhole(Utf8JsonReader reader)
    {
        try
        {
            var attempt = reader;
            if (JsonSerializer.Deserialize(ref attempt, CrdJsonContext.Default.RestoreJob) is { Metadata: not null, Spec: not null } whole)
                return whole;
        }
        catch (JsonException)
        {
            // Told below, by the part that it belongs to.
        }

        var parts = ResourceParts<RestoreJobSpec, RestoreJobStatus>.Read(ref reader, CrdJsonContext.Default.RestoreJobSpec, CrdJsonContext.Default.RestoreJobStatus);
        return new RestoreJob { Metadata = parts.Metadata, Spec = parts.Spec ?? new(), Status = parts.Status, DecodeError = parts.Error };
    }
}
