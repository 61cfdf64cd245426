using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>Which objects of the schedule's namespace are backed up. Everything that is set must match; {} matches every PersistentVolumeClaim.</summary>
public sealed record BackupSelector
{
    [Description("Kind of the objects. Of a workload all claims are backed up inside one hook window."), DefaultValue(SourceKind.PersistentVolumeClaim), AllowedValues(SourceKind.PersistentVolumeClaim, SourceKind.Pod, SourceKind.Deployment, SourceKind.StatefulSet, SourceKind.DaemonSet)]
    public string? Kind { get; init; }

    [Description("Labels of the objects; when it is left out, all match.")]
    public LabelSelector? LabelSelector { get; init; }

    [Description("Exact names of the objects; when it is empty, all match."), MaxLength(256), ItemLimits(MinLength = 1, MaxLength = 253, Pattern = Patterns.DnsSubdomain)]
    public List<string>? Names { get; init; }

    [Description("StorageClasses of the claims; when it is empty, all match."), MaxLength(32), ItemLimits(MinLength = 1, MaxLength = 253, Pattern = Patterns.DnsSubdomain)]
    public List<string>? StorageClassNames { get; init; }

    [Description("Overrides spec.options, field by field, for what this selector matches."), Overrides("spec.options")]
    public BackupOptions? Options { get; init; }
}
