using System.Text.Json;

namespace Walle.Controller.Projections.Decoding;

/// <summary>Pod, Deployment, StatefulSet or DaemonSet -> <see cref="WorkloadProjection"/>.</summary>
internal sealed class WorkloadDecoder : IProjectionDecoder<WorkloadProjection>
{
    public WorkloadProjection? Decode(ref Utf8JsonReader reader, DecodeContext context)
    {
        var metadata = default(ObjectMetadata);
        IReadOnlyList<KeyValuePair<string, string>> labels = [];
        var spec = new Spec();
        string? phase = null;
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                metadata = ObjectMetadata.Read(ref reader, context);
                // At once: a claim template has metadata of its own.
                labels = context.LabelSets.Get(context.Labels);
            }
            else if (reader.ValueTextEquals("spec"u8))
            {
                spec.Read(ref reader, context);
            }
            else if (reader.ValueTextEquals("status"u8))
            {
                phase = PodStatusFields.Read(ref reader, context.Strings).Phase;
            }
            else
            {
                reader.SkipValue();
            }
        }

        if (!metadata.IsIdentified)
            return null;
        return new WorkloadProjection
        {
            Name = metadata.Name,
            Uid = metadata.Uid.ToString(),
            ResourceVersion = metadata.ResourceVersion,
            ControllerUid = metadata.ControllerUid,
            Deleting = metadata.Deleting,
            OptedOut = metadata.OptedOut || spec.OptedOut,
            HasBackupCommand = metadata.HasBackupCommand || spec.HasBackupCommand,
            Ended = phase is "Succeeded" or "Failed",
            ClaimNames = spec.Claims,
            ClaimTemplates = spec.Templates,
            Labels = labels,
        };
    }

    private sealed class Spec
    {
        public List<string> Claims { get; } = [];
        public List<string> Templates { get; } = [];
        public bool OptedOut { get; private set; }
        public bool HasBackupCommand { get; private set; }

        /// <summary>The spec of a Pod, or of a workload with the Pod's inside.</summary>
        public void Read(ref Utf8JsonReader reader, DecodeContext context)
        {
            if (!reader.EnterObject())
                return;
            while (reader.NextProperty())
            {
                if (reader.ValueTextEquals("volumes"u8))
                    ReadVolumes(ref reader, context.Strings);
                else if (reader.ValueTextEquals("template"u8))
                    ReadTemplate(ref reader, context);
                else if (reader.ValueTextEquals("volumeClaimTemplates"u8))
                    ReadClaimTemplates(ref reader, context);
                else
                    reader.SkipValue();
            }
        }

        private void ReadTemplate(ref Utf8JsonReader reader, DecodeContext context)
        {
            if (!reader.EnterObject())
                return;
            while (reader.NextProperty())
            {
                if (reader.ValueTextEquals("spec"u8))
                {
                    Read(ref reader, context);
                }
                else if (reader.ValueTextEquals("metadata"u8))
                {
                    var metadata = ObjectMetadata.Read(ref reader, context);
                    (OptedOut, HasBackupCommand) = (metadata.OptedOut, metadata.HasBackupCommand);
                }
                else
                {
                    reader.SkipValue();
                }
            }
        }

        private void ReadVolumes(ref Utf8JsonReader reader, StringPool strings)
        {
            if (!reader.EnterArray())
                return;
            while (reader.NextObject())
            {
                while (reader.NextProperty())
                {
                    if (reader.ValueTextEquals("persistentVolumeClaim"u8))
                        ReadClaimName(ref reader, strings);
                    else
                        reader.SkipValue();
                }
            }
        }

        private void ReadClaimName(ref Utf8JsonReader reader, StringPool strings)
        {
            if (!reader.EnterObject())
                return;
            while (reader.NextProperty())
            {
                if (!reader.ValueTextEquals("claimName"u8))
                    reader.SkipValue();
                else if (reader.ReadPooled(strings) is { } name && !Claims.Contains(name))
                    Claims.Add(name);
            }
        }

        private void ReadClaimTemplates(ref Utf8JsonReader reader, DecodeContext context)
        {
            if (!reader.EnterArray())
                return;
            while (reader.NextObject())
            {
                while (reader.NextProperty())
                {
                    if (reader.ValueTextEquals("metadata"u8))
                        Templates.Add(ObjectMetadata.Read(ref reader, context).Name.Name);
                    else
                        reader.SkipValue();
                }
            }
        }
    }
}
