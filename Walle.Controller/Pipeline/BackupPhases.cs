using Walle.Controller.Pipeline.Hooks;
using Walle.Controller.Pipeline.Slots;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>Derives the display phase from the conditions.</summary>
internal static class BackupPhases
{
    public static BackupJobStatus Derive(BackupJobStatus status) => status with { Phase = Of(status) };

    private static string Of(BackupJobStatus status)
    {
        if (BackupResult.IsKnown(status))
        {
            return BackupResult.IsOver(status) ? Terminal(status) : BackupPhase.CleaningUp;
        }

        return status switch
        {
            _ when status.IsTrue(ConditionTypes.CloneBound) => BackupPhase.Uploading,
            _ when HookState.After(status).Any(hook => hook.Phase == HookPhase.Started) => BackupPhase.AfterHooks,
            _ when status.IsTrue(ConditionTypes.SnapshotReady) => BackupPhase.Cloning,
            _ when HookState.Before(status).Any(hook => hook.Phase == HookPhase.Started) => BackupPhase.BeforeHooks,
            _ when SlotStep.IsAdmitted(status) => BackupPhase.Snapshotting,
            _ => BackupPhase.Pending,
        };
    }

    public static string Terminal(BackupJobStatus status)
    {
        if (status.IsTrue(ConditionTypes.Complete))
        {
            return BackupPhase.Succeeded;
        }

        if (status.Find(ConditionTypes.Failed)?.Reason == nameof(Reason.Cancelled))
        {
            return BackupPhase.Cancelled;
        }

        // A snapshot was saved although the run failed: part of the source is in the repository.
        return (status.Volumes ?? []).Exists(volume => volume.ResticSnapshotId is not null) || (status.Dumps ?? []).Exists(dump => dump.ResticSnapshotId is not null)
            ? BackupPhase.PartiallySucceeded
            : BackupPhase.Failed;
    }
}
