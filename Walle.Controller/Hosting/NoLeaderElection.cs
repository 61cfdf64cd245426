namespace Walle.Controller.Hosting;

/// <summary>For a single controller whose user knows that it is the only one, as with <c>dotnet run</c>.</summary>
internal sealed class NoLeaderElection : ILeaderElection
{
    public bool IsLeader => true;

    public CancellationToken Lost => CancellationToken.None;

    public void ThrowIfNotLeader()
    {
    }

    public Task AcquireAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task HoldAsync(CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource();
        await using var registration = cancellationToken.Register(cancelled.SetResult);
        await cancelled.Task;
    }

    public Task ReleaseAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
    }
}
