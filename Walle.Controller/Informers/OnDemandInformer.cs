using Walle.Controller.Projections;

namespace Walle.Controller.Informers;

/// <summary>
/// An informer that begins when somebody asks for it: a cluster in which no schedule selects Pods or workloads does not pay for watching them all.
/// Until then it counts as synced, so that readiness does not wait for it; who reads it must ask <see cref="Want"/> first.
/// </summary>
internal sealed class OnDemandInformer<T>(Informer<T> informer) : IInformer
    where T : class, IProjection
{
    private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Kind => informer.Kind;

    public int Count => informer.Count;

    public bool HasSynced => !_wanted.Task.IsCompleted || informer.HasSynced;

    public bool IsAbsent => informer.IsAbsent;

    public TimeSpan LastEventAge => _wanted.Task.IsCompleted ? informer.LastEventAge : TimeSpan.Zero;

    public bool IsAlive => !_wanted.Task.IsCompleted || informer.IsAlive;

    /// <summary>As <see cref="Informer{T}.AddHandler"/>.</summary>
    public void AddHandler(Action<T?, T?> handler) => informer.AddHandler(handler);

    /// <summary>Null until the whole list has been seen: look again a little later. The first call starts the watch.</summary>
    public ILister<T>? Want()
    {
        _wanted.TrySetResult();
        return informer.HasSynced ? informer : null;
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _wanted.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }

        await informer.RunAsync(cancellationToken);
    }

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _wanted.Task.IsCompleted ? informer.WaitForSyncAsync(cancellationToken) : Task.CompletedTask;
}
