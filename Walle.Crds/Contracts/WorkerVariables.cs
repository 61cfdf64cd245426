namespace Walle.Crds.Contracts;

/// <summary>Environment variables of the worker that are not the repository's.</summary>
public static class WorkerVariables
{
    /// <summary>UID of the worker's own Pod. Of verb feed: only the Pod that stands in the RestoreJob's status.commandWorker may start the command.</summary>
    public const string PodUid = "WALLE_POD_UID";
}
