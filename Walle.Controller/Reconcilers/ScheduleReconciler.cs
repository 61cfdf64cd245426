using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Schedules;
using Walle.Controller.Scheduling;
using Walle.Crds;
using Walle.Crds.V1;

namespace Walle.Controller.Reconcilers;

/// <summary>gather -> decide -> act for a BackupSchedule. When it is next due the clock tells (<see cref="TickTimer{TKey}"/>): one timer for all schedules.</summary>
internal sealed partial class ScheduleReconciler(
    ScheduleListers listers, ScheduleGatherer gatherer, ScheduleActions actions, ScheduleClient schedules, EventRecorder events, OwnWrites ownWrites,
    TickTimer<ReconcileRequest> clock, TimeProvider time, ILogger<ScheduleReconciler> logger) : IReconciler
{
    private const string Warning = "Warning";
    private static readonly TimeSpan StoreIsBehind = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryRefused = TimeSpan.FromSeconds(10);

    /// <summary>So often at most a run's progress is written: a run of a thousand backups ends a thousand times.</summary>
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<ReconcileRequest, Memory> _memories = new();

    public string Kind => ApiGroup.BackupScheduleKind;

    public async Task<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        if (!ownWrites.AreSeen(request))
        {
            return ReconcileResult.After(StoreIsBehind);
        }

        if (listers.Schedules.Get(request.Name)?.Object is not { } schedule)
        {
            Forget(request);
            return ReconcileResult.Done;
        }

        var memory = _memories.AddOrUpdate(request, _ => new Memory(schedule.Metadata.Uid), (_, old) => old.Uid == schedule.Metadata.Uid ? old : new Memory(schedule.Metadata.Uid));
        if (await gatherer.GatherAsync(memory.On(schedule), memory.Failures, cancellationToken) is not { } observation)
        {
            return ReconcileResult.After(StoreIsBehind);
        }

        var decision = SchedulePipeline.Decide(observation);
        if (decision.WakeAt is { } wakeAt)
        {
            clock.Set(request, wakeAt);
        }
        else
        {
            clock.Remove(request);
        }

        var waitsForProgress = false;
        if (ScheduleClient.Differs(schedule.Status, decision.Status))
        {
            if (memory.WrittenAt is not null && decision.Actions.Count == 0 && StatusProgress.IsStart(schedule.Status, decision.Status))
            {
                memory.Started = decision.Status.LastRun;
                return ReconcileResult.Done;
            }

            waitsForProgress = memory.WrittenAt is { } writtenAt && time.GetElapsedTime(writtenAt) < ProgressEvery && StatusProgress.IsAll(schedule.Status, decision.Status);
            if (!waitsForProgress && await WriteStatusAsync(request, schedule, decision, memory, cancellationToken))
            {
                return decision.Actions.Count > 0 || decision.Status.LastRun is { StartedAt: null } ? ReconcileResult.After(StoreIsBehind) : ReconcileResult.Done;
            }
        }

        if (decision.Actions.Count > 0)
        {
            return await ActAsync(request, schedule, decision.Actions, memory, cancellationToken);
        }

        return waitsForProgress ? ReconcileResult.After(ProgressEvery - time.GetElapsedTime(memory.WrittenAt!.Value)) : ReconcileResult.Done;
    }

    private async Task<bool> WriteStatusAsync(ReconcileRequest request, BackupSchedule schedule, ScheduleDecision decision, Memory memory, CancellationToken cancellationToken)
    {
        var version = await StatusRefusal.TellAsync(schedules.WriteStatusAsync(schedule, decision.Status, cancellationToken), schedule, events, cancellationToken);
        memory.WrittenAt = time.GetTimestamp();
        if (version != 0 && version.ToString(CultureInfo.InvariantCulture) == schedule.Metadata.ResourceVersion)
        {
            // A field that the installed CRD does not know is dropped by the server: no event would follow, and the same write for ever.
            LogDropped(logger, request.Name);
            return false;
        }

        ownWrites.Expect(request, () => listers.Schedules.Get(request.Name) is not { } seen || seen.ResourceVersion >= version);
        if (decision.Status.LastRun is { FinishedAt: null, StartedAt: null, ScheduledFor: { } tick } && schedule.Status?.LastRun?.ScheduledFor != tick)
        {
            LogRun(logger, request.Name, tick, decision.Status.LastRun.Total ?? 0);
        }

        foreach (var happened in decision.Events)
        {
            LogEvent(logger, request.Name, happened.Reason, happened.Message);
            await events.RecordAsync(schedule with { Kind = ApiGroup.BackupScheduleKind }, Warning, happened.Reason.ToString(), happened.Message, cancellationToken);
        }

        return true;
    }

    private async Task<ReconcileResult> ActAsync(ReconcileRequest request, BackupSchedule schedule, IReadOnlyList<ScheduleAction> wanted, Memory memory, CancellationToken cancellationToken)
    {
        var (failures, seen) = await actions.ExecuteAsync(schedule, wanted, cancellationToken);
        ownWrites.Expect(request, seen);
        var isNew = failures.Count > 0 && memory.Failures.Count == 0;
        memory.Failures = failures;
        foreach (var (name, failure) in failures.Take(1))
        {
            LogRefused(logger, request.Name, name, failure.Reason, failure.Message);
        }

        // The first time at once, so that the status tells; then now and then.
        return ReconcileResult.After(failures.Count == 0 || isNew ? StoreIsBehind : RetryRefused);
    }

    private void Forget(ReconcileRequest request)
    {
        clock.Remove(request);
        ownWrites.Forget(request);
        if (_memories.TryRemove(request, out var memory))
        {
            gatherer.Forget(memory.Uid ?? "");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "BackupSchedule {Name} runs for {Tick:u}: {Count} BackupJobs")]
    private static partial void LogRun(ILogger logger, NamespacedName name, DateTimeOffset tick, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "BackupSchedule {Name}: {Reason}: {Text}")]
    private static partial void LogEvent(ILogger logger, NamespacedName name, Crds.Conditions.Reason reason, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "BackupSchedule {Name}: the API server dropped part of the status; install the CRDs of this version of Walle")]
    private static partial void LogDropped(ILogger logger, NamespacedName name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "BackupSchedule {Name}: BackupJob {Job} was refused: {Reason}: {Error}")]
    private static partial void LogRefused(ILogger logger, NamespacedName name, string job, Crds.Conditions.Reason reason, string error);

    /// <summary>What a restart may forget. One reconcile of a key at a time: nothing else reads it.</summary>
    private sealed class Memory(string? uid)
    {
        public string? Uid { get; } = uid;
        public long? WrittenAt { get; set; }

        /// <summary>The run whose BackupJobs all existed, which the stored status does not say yet: what is deleted from now on is not created again.</summary>
        public ScheduleRun? Started { get; set; }

        public BackupSchedule On(BackupSchedule stored) => Started is { } run && stored.Status is { LastRun: { StartedAt: null } announced } status && announced.ScheduledFor == run.ScheduledFor
            ? stored with { Status = status with { LastRun = run } }
            : stored;

        public IReadOnlyDictionary<string, ActionFailure> Failures { get; set; } = new Dictionary<string, ActionFailure>();
    }
}
