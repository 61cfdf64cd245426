using Walle.Controller.Pipeline.Slots;
using Walle.Crds;
using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Maintenance;

/// <summary>What a prune or check of a schedule's repository depends on.</summary>
internal sealed record MaintenanceObservation : WorkObservation
{
    public required BackupSchedule Schedule { get; init; }

    /// <summary>The verb whose worker is to be made; null: none is under way.</summary>
    public string? Verb { get; init; }

    /// <summary>Asked for only while it waits.</summary>
    public SlotAnswer Slot { get; init; } = new(1, 1, "", IsNews: false);

    public override CustomResource Owner => Schedule;

    public override string OwnerKind => ApiGroup.BackupScheduleKind;

    /// <summary>Only prune deletes. To unlock, too, is to delete.</summary>
    public override string SecretName => Verb == WorkerVerb.Prune && Schedule.Spec.Repository.MaintenanceSecretRef is { } maintenance ? maintenance.Name : Schedule.Spec.Repository.SecretRef.Name;
    public override string? RepositoryClaim => Schedule.Spec.Repository.Volume?.ClaimName;

    public override WorkerOptions? Worker => Schedule.Spec.Options?.Worker;

    public BackupOptions Options => Schedule.Spec.Options ?? Default;

    private static readonly BackupOptions Default = new();
}
