namespace Walle.Crds.V1;

/// <summary>Whose command a dump can be restored into: that of a workload.</summary>
public static class RestoreCommandTargetKind
{
    public const string Pod = SourceKind.Pod;
    public const string Deployment = SourceKind.Deployment;
    public const string StatefulSet = SourceKind.StatefulSet;
    public const string DaemonSet = SourceKind.DaemonSet;
}
