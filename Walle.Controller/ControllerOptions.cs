namespace Walle.Controller;

/// <summary>All settings of the controller, valid ones: OptionsReader makes it. None is a secret, so all may be logged.</summary>
internal sealed record ControllerOptions
{
    public string ClusterName { get; init; } = "default";

    public string WorkerImage { get; init; } = "walle/worker:dev";

    public string WorkerImagePullPolicy { get; init; } = "IfNotPresent";

    /// <summary>The only namespace to watch; empty: all.</summary>
    public string Namespace { get; init; } = "";

    public bool LeaderElection { get; init; } = true;

    public string LeaseNamespace { get; init; } = "walle-system";

    public string LeaseName { get; init; } = "walle-controller";

    public int Workers { get; init; } = 8;

    /// <summary>Backups under way at once; 0, as for the four below: no limit.</summary>
    public int MaxBackups { get; init; } = 16;

    public int MaxBackupsPerNamespace { get; init; }

    public int MaxBackupsPerRepository { get; init; } = 8;

    /// <summary>Of Pods that use the volumes.</summary>
    public int MaxBackupsPerNode { get; init; }

    public int MaxBackupsPerStorageClass { get; init; }

    /// <summary>0: not served.</summary>
    public int MetricsPort { get; init; } = 8080;

    /// <summary>0: not served.</summary>
    public int HealthPort { get; init; } = 8081;

    public string LogLevel { get; init; } = "Information";

    /// <summary><c>json</c> or <c>text</c>.</summary>
    public string LogFormat { get; init; } = "text";

    /// <summary>Empty: in a cluster the Pod's ServiceAccount, elsewhere $KUBECONFIG or ~/.kube/config.</summary>
    public string Kubeconfig { get; init; } = "";

    /// <summary>Empty: the kubeconfig's current one.</summary>
    public string Context { get; init; } = "";
}
