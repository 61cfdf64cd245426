using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Walle.Controller.Projections.Decoding;

/// <summary>PersistentVolumeClaim -> <see cref="ClaimProjection"/>.</summary>
internal sealed class ClaimDecoder : IProjectionDecoder<ClaimProjection>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ClaimProjection? Decode(ref Utf8JsonReader reader, DecodeContext context)
    {
        var metadata = default(ObjectMetadata);
        var spec = default(Spec);
        string? phase = null;
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("metadata"u8))
                metadata = ObjectMetadata.Read(ref reader, context);
            else if (reader.ValueTextEquals("spec"u8))
                spec = Spec.Read(ref reader, context.Strings, metadata.Uid);
            else if (reader.ValueTextEquals("status"u8))
                phase = ReadPhase(ref reader, context.Strings);
            else
                reader.SkipValue();
        }
        if (!metadata.IsIdentified)
            return null;
        return new ClaimProjection(metadata.Name, metadata.Uid, spec.VolumeName, spec.IsVolumeNamedByUid)
        {
            ResourceVersion = metadata.ResourceVersion,
            OwnerUid = metadata.OwnerUid,
            ControllerUid = metadata.ControllerUid,
            Deleting = metadata.Deleting,
            OptedOut = metadata.OptedOut,
            Phase = phase,
            VolumeMode = spec.VolumeMode,
            StorageClassName = spec.StorageClassName,
            RequestedSize = spec.RequestedSize,
            Labels = context.LabelSets.Get(context.Labels),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static string? ReadPhase(ref Utf8JsonReader reader, StringPool strings)
    {
        string? phase = null;
        if (!reader.EnterObject())
            return phase;
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("phase"u8))
                phase = reader.ReadPooled(strings);
            else
                reader.SkipValue();
        }
        return phase;
    }

    private struct Spec
    {
        public string? VolumeMode;
        public string? StorageClassName;
        public string? RequestedSize;
        public string? VolumeName;
        public bool IsVolumeNamedByUid;

        /// <param name="uid">Known by now, as the API server writes metadata first; if it is not, the volume's name is merely kept as it is.</param>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static Spec Read(ref Utf8JsonReader reader, StringPool strings, CompactUid uid)
        {
            var spec = default(Spec);
            if (!reader.EnterObject())
                return spec;
            while (reader.NextProperty())
            {
                if (reader.ValueTextEquals("volumeMode"u8))
                    spec.VolumeMode = reader.ReadPooled(strings);
                else if (reader.ValueTextEquals("storageClassName"u8))
                    spec.StorageClassName = reader.ReadPooled(strings);
                else if (reader.ValueTextEquals("volumeName"u8))
                    spec.ReadVolumeName(ref reader, uid);
                else if (reader.ValueTextEquals("resources"u8))
                    spec.RequestedSize = ReadRequestedSize(ref reader, strings);
                else
                    reader.SkipValue();
            }
            return spec;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void ReadVolumeName(ref Utf8JsonReader reader, CompactUid uid)
        {
            if (!reader.EnterString())
                return;
            IsVolumeNamedByUid = reader.ValueSpan.StartsWith("pvc-"u8)
                && CompactUid.TryParse(reader.ValueSpan[ClaimProjection.ProvisionedPrefix.Length..], out var named)
                && named == uid;
            VolumeName = IsVolumeNamedByUid ? null : reader.GetString();
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static string? ReadRequestedSize(ref Utf8JsonReader reader, StringPool strings)
        {
            string? size = null;
            if (!reader.EnterObject())
                return size;
            while (reader.NextProperty())
            {
                if (reader.ValueTextEquals("requests"u8))
                    size = ReadStorage(ref reader, strings);
                else
                    reader.SkipValue();
            }
            return size;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static string? ReadStorage(ref Utf8JsonReader reader, StringPool strings)
        {
            string? size = null;
            if (!reader.EnterObject())
                return size;
            while (reader.NextProperty())
            {
                if (reader.ValueTextEquals("storage"u8))
                    size = reader.ReadQuantity(strings);
                else
                    reader.SkipValue();
            }
            return size;
        }
    }
}
