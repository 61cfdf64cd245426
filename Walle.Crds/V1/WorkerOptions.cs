using System.ComponentModel;
using System.Text.Json;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>The worker's Pod.</summary>
public sealed record WorkerOptions
{
    [Description("Resource requests and limits of the worker's container.")]
    public WorkerResources? Resources { get; init; }

    [Description("Labels that the node must have."), MaxLength(32), ItemLimits(MaxLength = 63, Pattern = Patterns.LabelValue)]
    public Dictionary<string, string>? NodeSelector { get; init; }

    [Description("Tolerations of the Pod, as in a Pod's spec."), MaxLength(32), PreserveUnknownFields]
    public List<JsonElement>? Tolerations { get; init; }

    [Description("Affinity of the Pod, as in a Pod's spec."), PreserveUnknownFields]
    public JsonElement? Affinity { get; init; }

    [Description("PriorityClass of the Pod."), MinLength(1), MaxLength(253), Pattern(Patterns.DnsSubdomain)]
    public string? PriorityClassName { get; init; }

    [Description("Baseline reads files of any owner (uid 0 with DAC_OVERRIDE on a read-only mount); Restricted runs as the workload's own user; Auto is Restricted where the namespace enforces that Pod security level."), DefaultValue(V1.SecurityProfile.Auto), AllowedValues(V1.SecurityProfile.Auto, V1.SecurityProfile.Baseline, V1.SecurityProfile.Restricted)]
    public string? SecurityProfile { get; init; }

    [Description("User of a Restricted worker; default: that of a Pod that uses the volume."), Range(1, int.MaxValue)]
    public int? RunAsUser { get; init; }

    [Description("Group of a Restricted worker; default: that of a Pod that uses the volume."), Range(0, int.MaxValue)]
    public int? RunAsGroup { get; init; }

    [Description("Supplemental groups of the worker."), MaxLength(32), ItemRange(0, int.MaxValue)]
    public List<long>? SupplementalGroups { get; init; }

    [Description("Secrets to pull the worker's image with."), MaxLength(8)]
    public List<SecretReference>? ImagePullSecrets { get; init; }

    [Description("Further labels of the Pod."), MaxLength(32), ItemLimits(MaxLength = 63, Pattern = Patterns.LabelValue)]
    [CelRule(
        "self.all(key, !key.startsWith('ros.io/') && key != 'app.kubernetes.io/managed-by')",
        "labels ros.io/... and app.kubernetes.io/managed-by are Walle's own; leave them out",
        nameof(PodLabelsAreFree))]
    public Dictionary<string, string>? PodLabels { get; init; }

    [Description("Further annotations of the Pod."), MaxLength(32), ItemLimits(MaxLength = 4096)]
    public Dictionary<string, string>? PodAnnotations { get; init; }

    /// <summary>Walle finds its Pods by its labels: a user who sets them would hide a worker or take over another's result.</summary>
    internal bool PodLabelsAreFree =>
        PodLabels?.Keys.All(key => !key.StartsWith(ApiGroup.Name + "/", StringComparison.Ordinal) && key != WellKnown.ManagedByLabel) ?? true;
}
