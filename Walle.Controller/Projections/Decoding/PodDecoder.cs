using System.Text.Json;

namespace Walle.Controller.Projections.Decoding;

/// <summary>Pod -> <see cref="PodProjection"/>.</summary>
internal sealed class PodDecoder : IProjectionDecoder<PodProjection>
{
    public PodProjection? Decode(ref Utf8JsonReader reader, DecodeContext context)
    {
        var metadata = default(ObjectMetadata);
        var status = default(PodStatusFields);
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("metadata"u8))
                metadata = ObjectMetadata.Read(ref reader, context);
            else if (reader.ValueTextEquals("status"u8))
                status = PodStatusFields.Read(ref reader, context.Strings);
            else
                reader.SkipValue();
        }
        if (!metadata.IsIdentified)
            return null;
        return new PodProjection
        {
            Name = metadata.Name,
            Uid = metadata.Uid.ToString(),
            ResourceVersion = metadata.ResourceVersion,
            OwnerUid = metadata.OwnerUid,
            ControllerUid = metadata.ControllerUid,
            Deleting = metadata.Deleting,
            CreationTimestamp = metadata.CreationTimestamp,
            Phase = status.Phase,
            Reason = status.Reason,
            Message = status.Message,
            Disrupted = status.Disrupted,
            UnschedulableMessage = status.UnschedulableMessage,
            WaitingReason = status.Container.WaitingReason,
            WaitingMessage = status.Container.WaitingMessage,
            StartedAt = status.Container.StartedAt,
            FinishedAt = status.Container.FinishedAt,
            ExitCode = status.Container.ExitCode,
            TerminatedReason = status.Container.TerminatedReason,
            TerminationMessage = status.Container.TerminationMessage,
        };
    }
}
