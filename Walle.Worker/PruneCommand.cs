using System.Globalization;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Worker.Maintenance;
using Walle.Worker.Restic;
using Walle.Worker.Restore;
using Walle.Worker.Result;
using Walle.Worker.Retention;

namespace Walle.Worker;

/// <summary>
/// Forgets by explicit ids what retention does not keep, then lets restic remove the data. Killed at any moment it leaves a repository that is whole:
/// the next run computes anew what is left to do.
/// </summary>
internal sealed class PruneCommand(WorkerSetting setting)
{
    /// <summary>In one restic process: 64 characters each, and the kernel takes 2 MB of arguments.</summary>
    private const int ForgottenAtOnce = 2000;
    private const int MostNamed = 3;
    private const int MostMissing = 5;
    private readonly MaintenanceRun _run = new(setting);

    public async Task<WorkerResult> RunAsync(CancellationToken stop)
    {
        var started = setting.Time.GetTimestamp();
        var (listed, all) = await ListAsync(stop);
        if (listed is not null)
            return MaintenanceRun.Failed(listed, setting.Time.GetElapsedTime(started));

        var arguments = setting.Arguments;
        var maintenance = arguments.Maintenance;
        var scope = new RetentionScope(arguments.Host!, arguments.Restore.Namespace!, maintenance.Schedule!, arguments.Restore.VolumeRoot);
        var plan = RetentionRule.Plan(all, scope, maintenance.Policy, maintenance.MinKeep, setting.Time.GetUtcNow());
        var missing = Missing(all);
        if (plan.Thin.Count > 0 && !maintenance.Released)
            return Blocked(plan) with { Missing = missing };

        setting.Log.Say(string.Create(CultureInfo.InvariantCulture, $"{plan.Forget.Count} snapshots are forgotten, {plan.Kept} backups of schedule {maintenance.Schedule} stay"));
        var (failure, removed) = await RemoveAsync(plan.Forget, stop);
        var duration = setting.Time.GetElapsedTime(started);
        var result = failure is null ? new WorkerResult { ExitCode = WorkerExitCode.Success, DurationSeconds = duration.TotalSeconds } : MaintenanceRun.Failed(failure, duration);
        return result with { Forgotten = failure is null ? plan.Forget.Count : null, Kept = plan.Kept, BytesRemoved = removed, Missing = missing };
    }

    private async Task<(Failure? Failure, List<RepositorySnapshot> All)> ListAsync(CancellationToken stop)
    {
        byte[] listing = [];
        var (_, _, failure) = await _run.RunAsync(RestoreLine.Snapshots(setting.Arguments), stop, readOutput: async stream => listing = await SnapshotList.ReadAsync(stream));
        return failure is null ? (null, SnapshotList.Parse(listing)) : (failure, []);
    }

    private async Task<(Failure? Failure, long? Removed)> RemoveAsync(IReadOnlyList<string> forget, CancellationToken stop)
    {
        foreach (var some in forget.Chunk(ForgottenAtOnce))
        {
            var (_, _, failure) = await _run.RunAsync(MaintenanceLine.Forget(setting.Arguments, some), stop);
            if (failure is not null)
                return (failure, null);
        }
        if (forget.Count > 0 && await LeftAsync(forget, stop) is { } left)
            return (left, null);
        var (_, output, unpruned) = await _run.RunAsync(MaintenanceLine.Prune(setting.Arguments), stop);
        if (unpruned is null)
            setting.Log.Say($"{WorkerLog.Size(output.BytesRemoved ?? 0)} removed from the repository");
        return (unpruned, unpruned is null ? output.BytesRemoved : null);
    }

    /// <summary>What was to be forgotten is looked for: restic's exit code does not tell (0.18).</summary>
    private async Task<Failure?> LeftAsync(IReadOnlyList<string> forgotten, CancellationToken stop)
    {
        var text = "";
        var (_, _, failure) = await _run.RunAsync(MaintenanceLine.Snapshots, stop, logged: false, async stream => text = await new StreamReader(stream).ReadToEndAsync(CancellationToken.None));
        if (failure is not null)
            return failure;
        var there = text.Split('\n', StringSplitOptions.TrimEntries).ToHashSet();
        var left = forgotten.Count(there.Contains);
        return left == 0 ? null : new Failure(Reason.ResticFailed, WorkerExitCode.Failure, string.Create(CultureInfo.InvariantCulture, $"{left} of {forgotten.Count} snapshots are still there after `restic forget`"));
    }

    /// <summary>Under the id that the status knows: `restic tag` gives a snapshot a new one.</summary>
    private List<string>? Missing(IReadOnlyList<RepositorySnapshot> all)
    {
        var known = all.SelectMany(snapshot => (string?[])[snapshot.Id, snapshot.Original]).ToHashSet();
        var missing = setting.Arguments.Maintenance.Expected.Where(id => !known.Contains(id)).Take(MostMissing).ToList();
        return missing.Count > 0 ? missing : null;
    }

    private WorkerResult Blocked(RetentionPlan plan)
    {
        var volumes = plan.Thin.Take(MostNamed).Select(volume => string.Create(CultureInfo.InvariantCulture, $"{volume.Path} would keep {volume.Left} of {volume.Complete} complete backups"));
        var more = plan.Thin.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {plan.Thin.Count - MostNamed} more volumes") : "";
        return new WorkerResult
        {
            ExitCode = WorkerExitCode.Failure,
            Reason = nameof(Reason.PruneBlocked),
            Message = string.Create(CultureInfo.InvariantCulture, $"nothing was forgotten: {string.Join(", ", volumes)}{more}, and minKeep is {setting.Arguments.Maintenance.MinKeep}"),
            Kept = plan.Kept + plan.Forget.Count,
        };
    }
}
