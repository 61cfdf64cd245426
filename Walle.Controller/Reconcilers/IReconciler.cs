namespace Walle.Controller.Reconcilers;

/// <summary>Brings one object a step further. Idempotent; ends within about a second: nothing long is awaited, it is observed.</summary>
internal interface IReconciler
{
    /// <summary>The kind of the requests that it takes.</summary>
    string Kind { get; }

    Task<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken);
}
