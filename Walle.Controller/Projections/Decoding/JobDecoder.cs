using System.Text.Json;

namespace Walle.Controller.Projections.Decoding;

/// <summary>batch/v1 Job -> <see cref="JobProjection"/>.</summary>
internal sealed class JobDecoder : IProjectionDecoder<JobProjection>
{
    public JobProjection? Decode(ref Utf8JsonReader reader, DecodeContext context)
    {
        var metadata = default(ObjectMetadata);
        var outcome = default(Outcome);
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("metadata"u8))
                metadata = ObjectMetadata.Read(ref reader, context);
            else if (reader.ValueTextEquals("status"u8))
                outcome = ReadStatus(ref reader, context.Strings);
            else
                reader.SkipValue();
        }
        if (!metadata.IsIdentified)
            return null;
        return new JobProjection
        {
            Name = metadata.Name,
            Uid = metadata.Uid.ToString(),
            ResourceVersion = metadata.ResourceVersion,
            OwnerUid = metadata.OwnerUid,
            ControllerUid = metadata.ControllerUid,
            Verb = metadata.Verb,
            Deleting = metadata.Deleting,
            CreationTimestamp = metadata.CreationTimestamp,
            Complete = outcome.Complete,
            Failed = outcome.Failed,
            FinishedAt = outcome.FinishedAt,
            FailedReason = outcome.FailedReason,
            FailedMessage = outcome.FailedMessage,
        };
    }

    private static Outcome ReadStatus(ref Utf8JsonReader reader, StringPool strings)
    {
        var outcome = default(Outcome);
        if (!reader.EnterObject())
            return outcome;
        while (reader.NextProperty())
        {
            if (!reader.ValueTextEquals("conditions"u8))
            {
                reader.SkipValue();
                continue;
            }
            if (!reader.EnterArray())
                continue;
            while (reader.NextObject())
                outcome.Add(ConditionFields.Read(ref reader, strings));
        }
        return outcome;
    }

    private struct Outcome
    {
        public bool Complete;
        public bool Failed;
        public string? FailedReason;
        public string? FailedMessage;
        public DateTimeOffset? FinishedAt;

        public void Add(ConditionFields condition)
        {
            if (condition is { Type: "Complete", IsTrue: true })
                (Complete, FinishedAt) = (true, condition.LastTransitionTime);
            if (condition is { Type: "Failed", IsTrue: true })
                (Failed, FailedReason, FailedMessage, FinishedAt) = (true, condition.Reason, condition.Message, condition.LastTransitionTime);
        }
    }
}
