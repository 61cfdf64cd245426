using Walle.Crds.Contracts;
using Walle.Worker.Restore;

namespace Walle.Worker;

/// <summary>Prints what could be restored, as RestoreJobs ready to be applied: what a cluster that lost everything begins with (docs/recovery.md).</summary>
internal sealed class ClaimsCommand(WorkerSetting setting, TextWriter output, string? allowed)
{
    public async Task<WorkerResult> RunAsync(CancellationToken stop)
    {
        var arguments = setting.Arguments;
        var rights = new RestoreRights(arguments.Host!, arguments.Restore.Namespace!, arguments.Restore.VolumeRoot, allowed);
        var all = await new SnapshotReader(setting).ReadAsync(stop);
        var sources = all.Where(snapshot => !SnapshotChoice.IsMark(snapshot) && snapshot.Paths is [var path] && rights.NamespaceOf(path) is not null && rights.Covers(snapshot.Host, path))
            .Select(snapshot => (snapshot.Host, Path: snapshot.Paths[0])).Distinct().Order().ToList();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (host, path) in sources)
            await output.WriteAsync(RecoveryManifest.Of(arguments, host, path, SnapshotChoice.Complete(all, host, path), taken));
        if (sources.Count == 0)
            await output.WriteLineAsync($"# The repository holds no backup that namespace {arguments.Restore.Namespace} of cluster {arguments.Host} may restore. Of other namespaces: key {CredentialVariables.RestoreNamespaces} of the Secret.");
        return new WorkerResult { ExitCode = WorkerExitCode.Success };
    }
}
