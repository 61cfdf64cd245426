namespace Walle.Controller.Informers;

/// <summary>What the process needs to know of an informer, whatever its kind.</summary>
internal interface IInformer
{
    /// <summary>For logs, metrics and health: <c>BackupJob</c>.</summary>
    string Kind { get; }

    int Count { get; }

    /// <summary>As of <see cref="ILister{T}.HasSynced"/>: what readiness asks.</summary>
    bool HasSynced { get; }

    bool IsAbsent { get; }

    /// <summary>Time since the API server last said anything: a page, an event, a bookmark. Grows while the server is away.</summary>
    TimeSpan LastEventAge { get; }

    /// <summary>Its loops make progress: what liveness asks. True while the server is away, since restarting would not help.</summary>
    bool IsAlive { get; }

    /// <summary>Runs until cancelled, then returns. A fault is a bug and should end the process.</summary>
    Task RunAsync(CancellationToken cancellationToken);

    /// <summary>Ends when <see cref="HasSynced"/> becomes true.</summary>
    Task WaitForSyncAsync(CancellationToken cancellationToken);
}
