using Walle.Crds.Contracts;
using Walle.Worker.Restic;
using Walle.Worker.Restore;

namespace Walle.Worker;

/// <summary>Lists the repository's snapshots.</summary>
internal sealed class SnapshotReader(WorkerSetting setting)
{
    /// <exception cref="WorkerException">The repository cannot be opened or read.</exception>
    public async Task<List<RepositorySnapshot>> ReadAsync(CancellationToken stop)
    {
        byte[] listing = [];
        var output = new ResticOutput("/");
        await using var watchdog = new RepositoryWatchdog(setting.Time, setting.Arguments.ConnectTimeout);
        output.BackendSpoke += watchdog.BackendSpoke;
        // What verb claims prints is a manifest, and kubectl mixes both streams.
        if (setting.Arguments.Verb != WorkerVerb.Claims)
            output.Noted += setting.Log.Note;
        var exit = await setting.Restic.RunAsync(
            RestoreLine.Snapshots(setting.Arguments), "/", output, watchdog, stop, async stream => listing = await SnapshotList.ReadAsync(stream));
        stop.ThrowIfCancellationRequested();
        if (exit is { Code: 0, GaveUp: false })
            return SnapshotList.Parse(listing);
        var failure = ResticFailure.Of(exit, output, watchdog.LastTrouble, outOfMemory: false)!;
        throw new WorkerException(failure.Reason, failure.ExitCode, failure.Message);
    }
}
