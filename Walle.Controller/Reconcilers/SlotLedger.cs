using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Slots;
using Walle.Controller.Projections;
using Walle.Controller.Queue;
using Walle.Crds;

namespace Walle.Controller.Reconcilers;

/// <summary>
/// Who has a slot and who waits for one. Kept in memory and rebuilt from the status of BackupJobs, BackupSchedules and RestoreJobs: the handlers have told of all that hold a slot before
/// the first reconcile asks for one. Thread-safe.
/// </summary>
internal sealed class SlotLedger(SlotLimits limits, IWorkQueue<ReconcileRequest> queue, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SlotRequest> _held = [];
    private readonly Dictionary<string, SlotRequest> _waiting = [];
    private readonly Dictionary<string, long> _toldAt = [];
    private readonly Dictionary<string, string> _repositoryIds = [];

    public SlotLimits Limits => limits;

    public int HeldCount
    {
        get
        {
            lock (_lock)
                return _held.Values.Count(request => request is { Exclusive: false, IsRestore: false });
        }
    }

    public int WaitingCount
    {
        get
        {
            lock (_lock)
                return _waiting.Values.Count(request => !request.Exclusive);
        }
    }

    /// <summary>Asked again and again until the slot is given; whoever is given one while waiting is put into the queue.</summary>
    public SlotAnswer Ask(SlotRequest request)
    {
        List<SlotRequest> others;
        SlotAnswer answer;
        lock (_lock)
        {
            if (_held.ContainsKey(request.Uid))
                return SlotAnswer.Given;

            _waiting[request.Uid] = request;
            others = Promote_NeedsLock();
            if (_held.ContainsKey(request.Uid))
            {
                answer = SlotAnswer.Given;
            }
            else
            {
                var isNews = !_toldAt.TryGetValue(request.Uid, out var toldAt) || time.GetElapsedTime(toldAt) >= SlotStep.LookAgain;
                if (isNews)
                    _toldAt[request.Uid] = time.GetTimestamp();
                answer = SlotRule.Place(limits, _held.Values, _waiting.Values, request, Repositories_NeedsLock()) with { IsNews = isNews };
            }
        }

        Wake(others.Where(other => other.Uid != request.Uid));
        return answer;
    }

    /// <summary>A handler of the BackupJobs' informer: what has begun holds a slot, and what is over gives it back.</summary>
    public void Observe(BackupJobProjection? before, BackupJobProjection? after)
    {
        List<SlotRequest> next;
        lock (_lock)
        {
            if (before is not null && before.Uid != after?.Uid)
                Remove_NeedsLock(before.Uid);
            if (after?.Object is { } job)
            {
                var status = job.Status ?? new();
                Learn_NeedsLock(job.Metadata.Namespace, job.Spec.Repository, status.RepositoryId);
                if (SlotStep.HoldsSlot(status))
                    Hold_NeedsLock(SlotStep.Request(job, status));
                else if (BackupResult.IsKnown(status))
                    Remove_NeedsLock(after.Uid);
            }

            next = Promote_NeedsLock();
        }

        Wake(next);
    }

    /// <summary>A handler of the BackupSchedules' informer: a prune or check that has begun has its repository for itself until it has ended.</summary>
    public void Observe(ScheduleProjection? before, ScheduleProjection? after)
    {
        List<SlotRequest> next;
        lock (_lock)
        {
            if (before is not null && before.Uid != after?.Uid)
                Remove_NeedsLock(before.Uid);
            if (after?.Object is { } schedule)
            {
                Learn_NeedsLock(schedule.Metadata.Namespace, schedule.Spec.Repository, schedule.Status?.Repository?.Id);
                if (Pipeline.Maintenance.MaintenanceSlot.Held(schedule) is { } request)
                    Hold_NeedsLock(request);
                else if (!Pipeline.Maintenance.MaintenanceSlot.Waits(schedule))
                    Remove_NeedsLock(after.Uid);
            }

            next = Promote_NeedsLock();
        }

        Wake(next);
    }

    /// <summary>A handler of the RestoreJobs' informer: while one may run, its repository is not pruned.</summary>
    public void Observe(RestoreJobProjection? before, RestoreJobProjection? after)
    {
        List<SlotRequest> next;
        lock (_lock)
        {
            if (before is not null && before.Uid != after?.Uid)
                Remove_NeedsLock(before.Uid);
            if (after is not null && Pipeline.Maintenance.MaintenanceSlot.Restoring(after.Object) is { } request)
                Hold_NeedsLock(request);
            else if (after is not null)
                Remove_NeedsLock(after.Uid);
            next = Promote_NeedsLock();
        }

        Wake(next);
    }

    /// <summary>Two Secrets, also in two namespaces, may name one repository: by the id that workers have found in it.</summary>
    private void Learn_NeedsLock(string? ns, Crds.V1.RepositorySpec repository, string? id)
    {
        if (id is null)
            return;
        _repositoryIds[Projections.RepositoryKey.Of(ns, repository)] = id;
    }

    private RepositoryUse Repositories_NeedsLock() =>
        new(_held.Values, _waiting.Values, secret => _repositoryIds.GetValueOrDefault(secret, secret), time.GetUtcNow());

    private List<SlotRequest> Promote_NeedsLock()
    {
        if (_waiting.Count == 0)
            return [];

        var granted = SlotRule.Grant(limits, _held.Values, _waiting.Values, Repositories_NeedsLock());
        foreach (var request in granted)
            Hold_NeedsLock(request);
        return [.. granted];
    }

    private void Hold_NeedsLock(SlotRequest request)
    {
        Remove_NeedsLock(request.Uid);
        _held[request.Uid] = request;
    }

    private void Remove_NeedsLock(string uid)
    {
        _held.Remove(uid);
        _waiting.Remove(uid);
        _toldAt.Remove(uid);
    }

    private void Wake(IEnumerable<SlotRequest> granted)
    {
        foreach (var request in granted)
            queue.Add(new ReconcileRequest(request.Exclusive ? ApiGroup.BackupScheduleKind : ApiGroup.BackupJobKind, request.Name));
    }
}
