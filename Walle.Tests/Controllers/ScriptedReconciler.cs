using System.Collections.Concurrent;
using Walle.Controller.Reconcilers;

namespace Walle.Tests.Controllers;

/// <summary>Does what the test says, and tells the test when a request has come.</summary>
internal sealed class ScriptedReconciler(string kind) : IReconciler
{
    private readonly SemaphoreSlim _started = new(0);

    public string Kind => kind;

    public ConcurrentQueue<ReconcileRequest> Requests { get; } = new();

    public Func<ReconcileRequest, CancellationToken, Task<ReconcileResult>> Script { get; set; } = (_, _) => Task.FromResult(ReconcileResult.Done);

    public async Task<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        _started.Release();
        return await Script(request, cancellationToken);
    }

    /// <summary>Waits for the next request that has begun and was not waited for yet.</summary>
    public async Task StartedAsync()
    {
        if (!await _started.WaitAsync(TimeSpan.FromSeconds(10)))
            throw new TimeoutException("no reconcile has begun within 10 s");
    }
}
