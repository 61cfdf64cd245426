namespace Walle.Controller.Hosting;

/// <summary>
/// At most one controller works at a time, as far as a Lease can promise it: it does not fence, so writes are idempotent besides
/// (https://pkg.go.dev/k8s.io/client-go/tools/leaderelection says the same of itself).
/// </summary>
internal interface ILeaderElection : IDisposable
{
    /// <summary>The Lease is held and was renewed lately enough that nobody else can have taken it.</summary>
    bool IsLeader { get; }

    /// <summary>Cancelled when the Lease is lost. The process ends then: a restart is the one way back that leaves no half-stopped loop behind.</summary>
    CancellationToken Lost { get; }

    /// <summary>For the moment before a write. Throws <see cref="LeadershipLostException"/>.</summary>
    void ThrowIfNotLeader();

    /// <summary>Waits for the Lease.</summary>
    Task AcquireAsync(CancellationToken cancellationToken);

    /// <summary>Renews until cancelled. Throws <see cref="LeadershipLostException"/> when it fails for too long.</summary>
    Task HoldAsync(CancellationToken cancellationToken);

    /// <summary>Hands over at once instead of after the Lease's duration. After everything that writes has ended.</summary>
    Task ReleaseAsync(CancellationToken cancellationToken);
}
