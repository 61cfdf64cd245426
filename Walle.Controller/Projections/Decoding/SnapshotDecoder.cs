using System.Text.Json;

namespace Walle.Controller.Projections.Decoding;

/// <summary>VolumeSnapshot -> <see cref="SnapshotProjection"/>.</summary>
internal sealed class SnapshotDecoder : IProjectionDecoder<SnapshotProjection>
{
    public SnapshotProjection? Decode(ref Utf8JsonReader reader, DecodeContext context)
    {
        var metadata = default(ObjectMetadata);
        var status = default(Status);
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("metadata"u8))
                metadata = ObjectMetadata.Read(ref reader, context);
            else if (reader.ValueTextEquals("status"u8))
                status = Status.Read(ref reader, context.Strings);
            else
                reader.SkipValue();
        }
        if (!metadata.IsIdentified)
            return null;
        return new SnapshotProjection
        {
            Name = metadata.Name,
            Uid = metadata.Uid.ToString(),
            ResourceVersion = metadata.ResourceVersion,
            OwnerUid = metadata.OwnerUid,
            ControllerUid = metadata.ControllerUid,
            Deleting = metadata.Deleting,
            CreationTime = status.CreationTime,
            ReadyToUse = status.ReadyToUse,
            RestoreSize = status.RestoreSize,
            ErrorMessage = status.ErrorMessage,
            BoundContentName = status.BoundContentName,
        };
    }

    private struct Status
    {
        public DateTimeOffset? CreationTime;
        public bool ReadyToUse;
        public string? RestoreSize;
        public string? ErrorMessage;
        public string? BoundContentName;

        public static Status Read(ref Utf8JsonReader reader, StringPool strings)
        {
            var status = default(Status);
            if (!reader.EnterObject())
                return status;
            while (reader.NextProperty())
            {
                if (reader.ValueTextEquals("creationTime"u8))
                    status.CreationTime = reader.ReadTime();
                else if (reader.ValueTextEquals("readyToUse"u8))
                    status.ReadyToUse = reader.ReadTrue();
                else if (reader.ValueTextEquals("restoreSize"u8))
                    status.RestoreSize = reader.ReadQuantity(strings);
                else if (reader.ValueTextEquals("boundVolumeSnapshotContentName"u8))
                    status.BoundContentName = reader.ReadText();
                else if (reader.ValueTextEquals("error"u8))
                    status.ErrorMessage = ReadError(ref reader);
                else
                    reader.SkipValue();
            }
            return status;
        }

        /// <summary>An error without a message is an error all the same: empty, not null.</summary>
        private static string? ReadError(ref Utf8JsonReader reader)
        {
            if (!reader.EnterObject())
                return null;
            var message = "";
            while (reader.NextProperty())
            {
                if (reader.ValueTextEquals("message"u8))
                    message = reader.ReadText() ?? "";
                else
                    reader.SkipValue();
            }
            return message;
        }
    }
}
