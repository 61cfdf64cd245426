namespace Walle.Controller.Reconcilers;

/// <summary>Done, or look again after a time. Errors are exceptions: the queue retries them with back-off.</summary>
internal readonly record struct ReconcileResult(TimeSpan? RequeueAfter)
{
    public static ReconcileResult Done => default;

    public static ReconcileResult After(TimeSpan delay) => new(delay);
}
