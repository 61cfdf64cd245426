using System.Globalization;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Worker.Maintenance;

namespace Walle.Worker;

/// <summary>
/// Removes the locks that a dead worker left, and no others. restic has no command for one lock: <c>restic unlock</c> removes those whose host is its own
/// and whose process is gone, and those that nobody has renewed for half an hour. So it runs in a Pod that is given the dead one's host name, and only
/// while no lock of anybody else is old enough to go with it.
/// </summary>
internal sealed class UnlockCommand(WorkerSetting setting)
{
    /// <summary>restic's limit is 30 minutes, by two clocks that may differ.</summary>
    private static readonly TimeSpan OldForRestic = TimeSpan.FromMinutes(20);

    /// <summary>The lock's process may by chance have the number of a restic in here: numbers move on with each try (and see <see cref="Reincarnation"/>).</summary>
    private const int Tries = 4;
    private readonly MaintenanceRun _run = new(setting);

    public async Task<WorkerResult> RunAsync(CancellationToken stop)
    {
        var started = setting.Time.GetTimestamp();
        var host = System.Environment.MachineName;
        var reader = new LockReader(_run);
        var removed = 0;
        for (var i = 0; i < Tries; i++)
        {
            var locks = await reader.ReadAsync(stop);
            var dead = locks.Count(found => found.Host == host);
            if (dead == 0)
            {
                setting.Log.Say(string.Create(CultureInfo.InvariantCulture, $"{removed} locks of {host} removed"));
                return new WorkerResult { ExitCode = WorkerExitCode.Success, DurationSeconds = setting.Time.GetElapsedTime(started).TotalSeconds };
            }
            removed = Math.Max(removed, dead);
            if (locks.Find(found => found.Host != host && !(setting.Time.GetUtcNow() - found.Time < OldForRestic)) is { } other)
                return Locked($"the lock of {other.Host ?? "nobody knows whom"} since {other.Time?.UtcDateTime.ToString("u", CultureInfo.InvariantCulture) ?? "nobody knows when"} is not Walle's to remove, and `restic unlock` would remove it together with that of {host}", locks);
            if (locks.Exists(found => found.Host == host && found.Pid is { } pid && Reincarnation.IsTaken(pid)))
                Reincarnation.Begin();
            var (_, _, failure) = await _run.RunAsync(MaintenanceLine.Unlock, stop);
            if (failure is not null)
                return MaintenanceRun.Failed(failure, setting.Time.GetElapsedTime(started));
        }
        return Locked($"restic does not take the lock of {host} for stale", await reader.ReadAsync(stop));
    }

    private static WorkerResult Locked(string message, List<RepositoryLock> locks) => new()
    {
        ExitCode = WorkerExitCode.RepositoryLocked, Reason = nameof(Reason.RepositoryLocked), Message = message, Locks = locks,
    };
}
