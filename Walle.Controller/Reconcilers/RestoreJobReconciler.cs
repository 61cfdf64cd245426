using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Restore;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Reconcilers;

/// <summary>gather -> decide -> act: one status write or one other write in each reconcile, then wait for the event that it causes.</summary>
internal sealed partial class RestoreJobReconciler(
    RestoreListers listers, RestoreGatherer gatherer, RestoreActions actions, RestoreJobClient restoreJobs, EventRecorder events, OwnWrites ownWrites, ILogger<RestoreJobReconciler> logger) : IReconciler
{
    private static readonly TimeSpan StoreIsBehind = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryRefused = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<ReconcileRequest, (string? Uid, ActionFailure Failure)> _failures = new();
    private readonly ToldEnds _told = new();

    public string Kind => ApiGroup.RestoreJobKind;

    public async Task<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        if (!ownWrites.AreSeen(request))
        {
            return ReconcileResult.After(StoreIsBehind);
        }

        if (listers.RestoreJobs.Get(request.Name)?.Object is not { } job)
        {
            // Its children have an ownerReference: the garbage collector sees to them.
            _failures.TryRemove(request, out _);
            ownWrites.Forget(request);
            _told.Forget(request);
            return ReconcileResult.Done;
        }

        await TellUntoldEndAsync(request, job, cancellationToken);
        var decision = RestorePipeline.Decide(await gatherer.GatherAsync(job, Failure(request, job), cancellationToken));
        if (RestoreJobClient.Differs(job.Status, decision.Status))
        {
            if (!await WriteStatusAsync(request, job, decision.Status, cancellationToken))
            {
                // A field that the installed CRD does not know is dropped by the server: no event would follow, and the same write for ever.
                LogDropped(logger, request.Name);
                return decision.Action is null ? new ReconcileResult(decision.RequeueAfter) : await ActAsync(request, job, decision.Action, decision.RequeueAfter, cancellationToken);
            }

            return decision.Action is not null ? ReconcileResult.After(StoreIsBehind) : new ReconcileResult(decision.RequeueAfter);
        }

        return decision.Action is null ? new ReconcileResult(decision.RequeueAfter) : await ActAsync(request, job, decision.Action, decision.RequeueAfter, cancellationToken);
    }

    /// <summary>Not that of a RestoreJob of the same name that is gone.</summary>
    private ActionFailure? Failure(ReconcileRequest request, RestoreJob job) =>
        _failures.TryGetValue(request, out var last) && last.Uid == job.Metadata.Uid ? last.Failure : null;

    /// <returns>False when the server stored what it had already.</returns>
    private async Task<bool> WriteStatusAsync(ReconcileRequest request, RestoreJob job, RestoreJobStatus status, CancellationToken cancellationToken)
    {
        var version = await StatusRefusal.TellAsync(restoreJobs.WriteStatusAsync(job, status, cancellationToken), job, events, cancellationToken);
        if (version != 0 && version.ToString(CultureInfo.InvariantCulture) == job.Metadata.ResourceVersion)
        {
            return false;
        }

        ownWrites.Expect(request, () => listers.RestoreJobs.Get(request.Name) is not { } seen || seen.ResourceVersion >= version);
        LogPhase(logger, request.Name, status.Phase, status.Reason, status.Message);
        if (RestoreOccurrence.Between(job.Status, status) is { } occurrence)
        {
            await events.RecordAsync(job, occurrence.Type, occurrence.Reason, occurrence.Message, cancellationToken);
        }

        if (RestoreResult.IsKnown(status))
        {
            _told.Add(request, job.Metadata.Uid);
        }

        return true;
    }

    private async Task TellUntoldEndAsync(ReconcileRequest request, RestoreJob job, CancellationToken cancellationToken)
    {
        if (job.Status is not { } status || !RestoreResult.IsKnown(status))
        {
            return;
        }

        if (status.Find(ConditionTypes.CleanedUp) is { Status: ConditionStatus.True } or { Reason: nameof(Reason.CleanupTimeout) })
        {
            _told.Forget(request);
        }
        else if (_told.Add(request, job.Metadata.Uid) && RestoreOccurrence.Between(null, status) is { } end)
        {
            await events.RecordAsync(job, end.Type, end.Reason, end.Message, cancellationToken);
        }
    }

    private async Task<ReconcileResult> ActAsync(ReconcileRequest request, RestoreJob job, PipelineAction action, TimeSpan? requeueAfter, CancellationToken cancellationToken)
    {
        var (failure, seen) = await actions.ExecuteAsync(job, action, cancellationToken);
        if (failure is null)
        {
            _failures.TryRemove(request, out _);
            ownWrites.Expect(request, seen!);
            LogAction(logger, request.Name, action.GetType().Name);
            return new ReconcileResult(requeueAfter);
        }

        LogRefused(logger, request.Name, action.GetType().Name, failure.Reason, failure.Message);
        // By its reason: a quota's message differs with each try, and would be tried again at once each time.
        var known = Failure(request, job)?.Reason == failure.Reason;
        _failures[request] = (job.Metadata.Uid, failure);

        // The first time at once, so that the status tells; then now and then until it passes or the step's deadline ends it.
        return ReconcileResult.After(known ? RetryRefused : TimeSpan.FromMilliseconds(1));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "RestoreJob {Name} is {Phase}: {Reason}: {StatusMessage}")]
    private static partial void LogPhase(ILogger logger, NamespacedName name, string? phase, string? reason, string? statusMessage);

    [LoggerMessage(Level = LogLevel.Warning, Message = "RestoreJob {Name}: the API server dropped part of the status; install the CRDs of this version of Walle")]
    private static partial void LogDropped(ILogger logger, NamespacedName name);

    [LoggerMessage(Level = LogLevel.Debug, Message = "RestoreJob {Name}: {Action} done")]
    private static partial void LogAction(ILogger logger, NamespacedName name, string action);

    [LoggerMessage(Level = LogLevel.Warning, Message = "RestoreJob {Name}: {Action} was refused: {Reason}: {Error}")]
    private static partial void LogRefused(ILogger logger, NamespacedName name, string action, Crds.Conditions.Reason reason, string error);
}
