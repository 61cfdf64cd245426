using Walle.Crds.Contracts;
using Walle.Worker.Restore;

namespace Walle.Worker;

/// <summary>Chooses the snapshot and tells what the backup recorded: the controller has no credentials, and the claim is made from it.</summary>
internal sealed class PlanCommand(WorkerSetting setting, string? allowed)
{
    public async Task<WorkerResult> RunAsync(CancellationToken stop)
    {
        var snapshot = SnapshotChoice.Choose(await new SnapshotReader(setting).ReadAsync(stop), SnapshotRequest.From(setting.Arguments, allowed));
        setting.Log.Say($"snapshot {snapshot.Id} of {snapshot.Time:u} is what is asked for");
        return new WorkerResult
        {
            ExitCode = WorkerExitCode.Success, SnapshotId = snapshot.Id, SnapshotTime = snapshot.Time, BytesNeeded = TargetVolume.BytesNeeded(snapshot), Claim = SnapshotFacts.Claim(snapshot),
        };
    }
}
