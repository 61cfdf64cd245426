using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Walle.Controller.Kubernetes;
using Walle.Crds;

namespace Walle.Controller.Projections.Decoding;

/// <summary>The part of metadata that projections keep. managedFields and all annotations but two are stepped over.</summary>
internal struct ObjectMetadata
{
    private string? _name;
    private string? _namespace;
    private bool _hasUid;

    public CompactUid Uid { get; private set; }
    public ulong ResourceVersion { get; private set; }
    public bool Deleting { get; private set; }
    public DateTimeOffset? CreationTimestamp { get; private set; }
    public string? OwnerUid { get; private set; }
    public string? ControllerUid { get; private set; }
    public string? Verb { get; private set; }

    /// <summary>Annotation <c>ros.io/backup: "false"</c>.</summary>
    public bool OptedOut { get; private set; }

    /// <summary>Annotation <c>ros.io/backup-command</c>.</summary>
    public bool HasBackupCommand { get; private set; }

    public readonly NamespacedName Name => new(_namespace ?? "", _name ?? "");

    /// <summary>Without a name and a UID an object cannot be kept.</summary>
    public readonly bool IsIdentified => !string.IsNullOrEmpty(_name) && _hasUid;

    /// <summary>Reads the value of the property <c>metadata</c>. All labels are collected in the context.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ObjectMetadata Read(ref Utf8JsonReader reader, DecodeContext context)
    {
        var metadata = default(ObjectMetadata);
        context.Labels.Clear();
        if (!reader.EnterObject())
            return metadata;
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("name"u8))
                metadata._name = reader.ReadText();
            else if (reader.ValueTextEquals("namespace"u8))
                metadata._namespace = reader.ReadPooled(context.Strings);
            else if (reader.ValueTextEquals("uid"u8))
                metadata.ReadUid(ref reader);
            else if (reader.ValueTextEquals("resourceVersion"u8))
                metadata.ReadResourceVersion(ref reader, context);
            else if (reader.ValueTextEquals("creationTimestamp"u8))
                metadata.CreationTimestamp = reader.ReadTime();
            else if (reader.ValueTextEquals("deletionTimestamp"u8))
                metadata.Deleting = reader.EnterString();
            else if (reader.ValueTextEquals("labels"u8))
                metadata.ReadLabels(ref reader, context);
            else if (reader.ValueTextEquals("annotations"u8))
                metadata.ReadAnnotations(ref reader);
            else if (reader.ValueTextEquals("ownerReferences"u8))
                metadata.ReadOwners(ref reader, context);
            else
                reader.SkipValue();
        }
        return metadata;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadUid(ref Utf8JsonReader reader)
    {
        if (!reader.EnterString())
            return;
        Uid = CompactUid.TryParse(reader.ValueSpan, out var uid) ? uid : new CompactUid(reader.GetString()!);
        _hasUid = reader.ValueSpan.Length > 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadResourceVersion(ref Utf8JsonReader reader, DecodeContext context)
    {
        context.ResourceVersion = null;
        if (!reader.EnterString())
            return;
        ResourceVersion = Utf8Parser.TryParse(reader.ValueSpan, out ulong version, out var read) && read == reader.ValueSpan.Length ? version : 0;
        if (context.WantsResourceVersion)
            context.ResourceVersion = reader.GetString();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadLabels(ref Utf8JsonReader reader, DecodeContext context)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextProperty())
        {
            var key = context.Strings.Get(ref reader);
            if (!reader.EnterString())
                continue;
            var value = key == WellKnown.OwnerUidLabel ? reader.GetString()! : context.Strings.Get(ref reader);
            if (key == WellKnown.OwnerUidLabel)
                OwnerUid = value;
            else if (key == WellKnown.VerbLabel)
                Verb = value;
            context.Labels.Add(new(key, value));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadAnnotations(ref Utf8JsonReader reader)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals(HookAnnotation.Backup))
                OptedOut = reader.EnterString() && reader.ValueTextEquals("false"u8);
            else if (reader.ValueTextEquals(HookAnnotation.Dump))
                HasBackupCommand = reader.EnterString() && reader.ValueSpan.Length > 0;
            else
                reader.SkipValue();
        }
    }

    private void ReadOwners(ref Utf8JsonReader reader, DecodeContext context)
    {
        if (!reader.EnterArray())
            return;
        while (reader.NextObject())
        {
            string? uid = null;
            var isController = false;
            while (reader.NextProperty())
            {
                if (reader.ValueTextEquals("uid"u8))
                    uid = reader.ReadPooled(context.Strings);
                else if (reader.ValueTextEquals("controller"u8))
                    isController = reader.ReadTrue();
                else
                    reader.SkipValue();
            }
            if (isController)
                ControllerUid = uid;
        }
    }
}
