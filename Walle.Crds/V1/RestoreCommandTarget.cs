using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>
/// The workload whose command a dump is restored into. Only which workload: the command stands in its annotation, so that whoever may create RestoreJobs
/// does not gain exec.
/// </summary>
public sealed record RestoreCommandTarget
{
    [Description("Kind of the workload."), DefaultValue(RestoreCommandTargetKind.StatefulSet), AllowedValues(RestoreCommandTargetKind.Pod, RestoreCommandTargetKind.Deployment, RestoreCommandTargetKind.StatefulSet, RestoreCommandTargetKind.DaemonSet)]
    public string? Kind { get; init; }

    [Description("Name of the workload in the same namespace."), Required, MinLength(1), MaxLength(253), Pattern(Patterns.DnsSubdomain)]
    public string Name { get; init => field = value ?? ""; } = "";
}
