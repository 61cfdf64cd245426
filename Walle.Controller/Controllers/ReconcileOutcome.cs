namespace Walle.Controller.Controllers;

/// <summary>How a reconcile ended: the values of the label <c>result</c> of <c>walle_reconcile_total</c>.</summary>
internal static class ReconcileOutcome
{
    public const string Success = "success";
    public const string RequeueAfter = "requeue_after";

    /// <summary>Somebody else wrote the object first. Normal, and no error: alarms must mean something.</summary>
    public const string Conflict = "conflict";
    public const string Error = "error";
    public const string Timeout = "timeout";

    /// <summary>The controller stops, or is no longer the leader.</summary>
    public const string Cancelled = "cancelled";
}
