using System.Collections.Concurrent;
using Walle.Controller.Kubernetes;
using Walle.Crds.V1;

namespace Walle.Controller.Reconcilers;

/// <summary>
/// The progress of BackupJobs that is known and not written yet (<see cref="Pipeline.ProgressRule"/>). It is written when it has waited for
/// <see cref="Patience"/>, or with the next change that cannot wait; most often that is the result. A restart forgets it and finds it out again.
/// </summary>
internal sealed class UnwrittenProgress(TimeProvider time)
{
    /// <summary>A backup that ends sooner has one status write less for each of its steps; of one that takes longer the status is at most this old.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<ReconcileRequest, Progress> _progress = new();

    /// <summary>The BackupJob as it would be read if its progress had been written; as it is stored when something else has changed its status meanwhile.</summary>
    public BackupJob On(ReconcileRequest request, BackupJob stored)
    {
        if (!_progress.TryGetValue(request, out var progress))
        {
            return stored;
        }

        if (progress.Uid == stored.Metadata.Uid && stored.Status is not null && !BackupJobClient.Differs(progress.Stored, stored.Status))
        {
            return stored with { Status = progress.Status };
        }

        Forget(request);
        return stored;
    }

    /// <returns>How long it may stay unwritten; zero when it must be written now.</returns>
    public TimeSpan Keep(ReconcileRequest request, BackupJob stored, BackupJobStatus status)
    {
        var progress = _progress.AddOrUpdate(
            request,
            _ => new Progress(stored.Metadata.Uid, stored.Status, status, time.GetTimestamp()),
            (_, earlier) => earlier with { Status = status });
        var left = Patience - time.GetElapsedTime(progress.Since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public void Forget(ReconcileRequest request) => _progress.TryRemove(request, out _);

    private sealed record Progress(string? Uid, BackupJobStatus? Stored, BackupJobStatus Status, long Since);
}
