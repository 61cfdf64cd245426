using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>
/// A workload's volumes and dumps, each seen as a BackupJob of its own with one volume: so the steps that know one volume do for many. What they
/// decide is folded back into the volume's entry of the status.
/// </summary>
internal static class VolumeViews
{
    /// <summary>In the names of a dump's objects; no claim has a colon in its name.</summary>
    public const string DumpPrefix = "dump:";

    /// <summary>Views with nothing observed yet; what is left out has none.</summary>
    public static IEnumerable<BackupObservation> Of(BackupObservation whole, BackupJobStatus status) =>
    [
        .. (status.Volumes ?? []).Where(volume => volume.Phase != BackupPhase.Skipped).Select(volume => Current(View(whole, volume.ClaimName, volume.ClaimName), status)),
        .. (status.Dumps ?? []).Select(dump => Current(View(whole, DumpPrefix + dump.Name, dump.Name), status)),
    ];

    /// <summary>The view with the status as it stands now.</summary>
    public static BackupObservation Current(BackupObservation part, BackupJobStatus status) =>
        part with { Job = part.Job with { Status = part.IsDump ? OfDump(status, Dump(status, part)) : OfVolume(status, Volume(status, part)) } };

    public static bool IsKnown(BackupJobStatus status, BackupObservation part) =>
        (part.IsDump ? Dump(status, part).Phase : Volume(status, part).Phase) is BackupPhase.Succeeded or BackupPhase.PartiallySucceeded or BackupPhase.Failed;

    public static BackupJobStatus Fold(BackupJobStatus status, BackupObservation part, BackupJobStatus decided)
    {
        status = status with { InitializedRepository = decided.InitializedRepository ?? status.InitializedRepository };
        var own = decided.Conditions?.FindAll(condition => condition.Type != ConditionTypes.Accepted && (!part.IsDump || condition.Type is not (ConditionTypes.SnapshotReady or ConditionTypes.CloneBound)));
        var phase = BackupResult.IsKnown(decided) ? BackupPhases.Terminal(decided) : decided.Phase;
        return part.IsDump
            ? status with
            {
                Dumps = status.Dumps!.ConvertAll(dump => dump.Name != part.ClaimName ? dump : decided.Dumps![0] with
                {
                    Phase = phase,
                    Reason = decided.Reason,
                    Message = decided.Message,
                    Attempts = decided.Attempts,
                    FailedAttempts = decided.FailedAttempts,
                    Conditions = own,
                }),
            }
            : status with
            {
                Volumes = status.Volumes!.ConvertAll(volume => volume.ClaimName != part.ClaimName ? volume : decided.Volumes![0] with
                {
                    Phase = phase,
                    Reason = decided.Reason,
                    Message = decided.Message,
                    Attempts = decided.Attempts,
                    FailedAttempts = decided.FailedAttempts,
                    Conditions = own,
                }),
            };
    }

    public static VolumeStatus Volume(BackupJobStatus status, BackupObservation part) => status.Volumes!.Find(volume => volume.ClaimName == part.ClaimName)!;

    public static DumpStatus Dump(BackupJobStatus status, BackupObservation part) => status.Dumps!.Find(dump => dump.Name == part.ClaimName)!;

    private static BackupObservation View(BackupObservation whole, string key, string name) => whole with
    {
        Job = whole.Job with { Spec = whole.Job.Spec with { Source = new BackupSource { Kind = SourceKind.PersistentVolumeClaim, Name = name } } },
        Volume = key,
        Parts = [],
        ActionFailure = null,
    };

    private static BackupJobStatus OfVolume(BackupJobStatus status, VolumeStatus volume) => Base(status) with
    {
        Phase = volume.Phase,
        Reason = volume.Reason,
        Message = volume.Message,
        Attempts = volume.Attempts,
        FailedAttempts = volume.FailedAttempts,
        Volumes = [volume with { Phase = null, Reason = null, Message = null, Attempts = null, FailedAttempts = null, Conditions = null }],
        Conditions = [.. Shared(status, ConditionTypes.Accepted), .. volume.Conditions ?? []],
    };

    /// <summary>Its volume is a stand-in: a dump has neither snapshot nor clone, and the steps begin behind them.</summary>
    private static BackupJobStatus OfDump(BackupJobStatus status, DumpStatus dump)
    {
        var accepted = Shared(status, ConditionTypes.Accepted);
        return Base(status) with
        {
            Phase = dump.Phase,
            Reason = dump.Reason,
            Message = dump.Message,
            Attempts = dump.Attempts,
            FailedAttempts = dump.FailedAttempts,
            Volumes = [new VolumeStatus { ClaimName = dump.Name }],
            Dumps = [dump],
            Conditions = [.. accepted, .. accepted.Select(condition => condition with { Type = ConditionTypes.SnapshotReady }), .. accepted.Select(condition => condition with { Type = ConditionTypes.CloneBound }), .. dump.Conditions ?? []],
        };
    }

    private static BackupJobStatus Base(BackupJobStatus status) => new()
    {
        ObservedGeneration = status.ObservedGeneration,
        StartTime = status.StartTime,
        InitializedRepository = status.InitializedRepository,
        Hooks = status.Hooks,
        VolumeGroupSnapshot = status.VolumeGroupSnapshot,
    };

    private static List<Condition> Shared(BackupJobStatus status, string type) => status.Conditions?.FindAll(condition => condition.Type == type) ?? [];
}
