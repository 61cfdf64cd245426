using Walle.Controller.Kubernetes;
using Walle.Crds;
using Walle.Crds.Conditions;

namespace Walle.Controller.Reconcilers;

/// <summary>
/// A status that the API server refuses as invalid: the installed CRD is of another version, or an admission webhook stands between. It cannot be told in
/// the status, so an Event tells it; the write is tried again with the queue's back-off, as whoever mends it changes another object than ours.
/// </summary>
internal static class StatusRefusal
{
    /// <param name="write">A write of the object's status; its failure goes on to the caller.</param>
    public static async Task<ulong> TellAsync(Task<ulong> write, CustomResource about, EventRecorder events, CancellationToken cancellationToken)
    {
        try
        {
            return await write;
        }
        catch (Exception exception) when (ApiError.From(exception, cancellationToken) is { Class: ApiErrorClass.Invalid } error)
        {
            var message = $"the API server refuses the status that Walle writes; if the CRDs are of another version, mend it with `kubectl apply -k manifests/crds` of the controller's version: {error.Message}";
            await events.RecordAsync(about, "Warning", nameof(Reason.StatusRefused), message, cancellationToken);
            throw;
        }
    }
}
