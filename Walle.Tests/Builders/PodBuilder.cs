using System.Text.Json;
using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.Json;

namespace Walle.Tests.Builders;

/// <summary>A worker's Pod, pending.</summary>
internal sealed class PodBuilder
{
    private PodProjection _pod;

    public PodBuilder(JobBuilder owner)
    {
        JobProjection job = owner;
        _pod = new PodProjection
        {
            Name = new NamespacedName(A.Namespace, $"{job.Name.Name}-x7k2p"),
            Uid = $"uid-of-pod-of-{job.Name.Name}",
            ResourceVersion = 40,
            OwnerUid = A.Uid,
            ControllerUid = job.Uid,
            CreationTimestamp = job.CreationTimestamp,
            Phase = "Pending",
        };
    }

    public static implicit operator PodProjection(PodBuilder builder) => builder._pod;

    /// <summary>What a worker leaves after a whole success.</summary>
    public static WorkerResult Success() => new()
    {
        ExitCode = 0,
        SnapshotId = A.SnapshotId,
        ParentId = A.OldSnapshotId,
        FilesNew = 3,
        FilesChanged = 2,
        FilesUnmodified = 1,
        BytesProcessed = 4096,
        BytesAdded = 2048,
        DurationSeconds = 1.5,
        ResticVersion = "0.18.0",
    };

    public PodBuilder With(Func<PodProjection, PodProjection> change)
    {
        _pod = change(_pod);
        return this;
    }

    public PodBuilder CreatedAt(DateTimeOffset time) => With(pod => pod with { CreationTimestamp = time });

    public PodBuilder Waiting(string reason, string message = "") => With(pod => pod with { WaitingReason = reason, WaitingMessage = message });

    public PodBuilder Unschedulable(string message) => With(pod => pod with { UnschedulableMessage = message });

    public PodBuilder Running() => With(pod => pod with { Phase = "Running", StartedAt = A.Noon.AddSeconds(10) });

    public PodBuilder Disrupted() => With(pod => pod with { Disrupted = true });

    public PodBuilder Deleting() => With(pod => pod with { Deleting = true });

    public PodBuilder Succeeded() => Ended(0, JsonSerializer.Serialize(Success(), CrdJsonContext.Default.WorkerResult));

    public PodBuilder Failed(int exitCode, Reason reason, string message = "it did not work", string? snapshotId = null) => Ended(exitCode, JsonSerializer.Serialize(
        new WorkerResult { ExitCode = exitCode, Reason = reason.ToString(), Message = message, SnapshotId = snapshotId, UnreadableCount = snapshotId is null ? null : 7 },
        CrdJsonContext.Default.WorkerResult));

    public PodBuilder Ended(int exitCode, string? message, string terminatedReason = "Error") => Running().With(pod => pod with
    {
        Phase = exitCode == 0 ? "Succeeded" : "Failed",
        ExitCode = exitCode,
        TerminatedReason = terminatedReason,
        TerminationMessage = message,
        FinishedAt = A.Noon.AddMinutes(1),
    });
}
