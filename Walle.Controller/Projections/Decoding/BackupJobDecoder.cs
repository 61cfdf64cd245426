using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
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
        return DecodeParts(ref reader);
    }

    private static BackupJob DecodeParts(ref Utf8JsonReader reader)
    {
        var backupJob = new BackupJob();
        string? error = null;
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("metadata"u8))
                backupJob = backupJob with { Metadata = DecodePart(ref reader, CrdJsonContext.Default.ObjectMeta, "metadata", ref error) ?? new() };
            else if (reader.ValueTextEquals("spec"u8))
                backupJob = backupJob with { Spec = DecodePart(ref reader, CrdJsonContext.Default.BackupJobSpec, "spec", ref error) ?? new() };
            else if (reader.ValueTextEquals("status"u8))
                backupJob = backupJob with { Status = DecodePart(ref reader, CrdJsonContext.Default.BackupJobStatus, "status", ref error) };
            else
                reader.SkipValue();
        }
        return backupJob with { DecodeError = error ?? "spec: missing" };
    }

    private static TPart? DecodePart<TPart>(ref Utf8JsonReader reader, JsonTypeInfo<TPart> type, string name, ref string? error)
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
