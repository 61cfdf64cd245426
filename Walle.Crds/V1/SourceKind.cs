namespace Walle.Crds.V1;

/// <summary>What can be backed up: one claim, or all claims of a workload.</summary>
public static class SourceKind
{
    public const string PersistentVolumeClaim = "PersistentVolumeClaim";
    public const string Pod = "Pod";
    public const string Deployment = "Deployment";
    public const string StatefulSet = "StatefulSet";
    public const string DaemonSet = "DaemonSet";
}
