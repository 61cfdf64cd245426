using Walle.Controller.Pipeline.Maintenance;
using Walle.Controller.Pipeline.Selection;
using Walle.Controller.Scheduling;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Schedules;

/// <summary>Everything that a decision about a BackupSchedule depends on.</summary>
internal sealed record ScheduleObservation
{
    public required BackupSchedule Schedule { get; init; }
    public required DateTimeOffset Now { get; init; }

    /// <summary>Null when it cannot be read; <see cref="Problem"/> then says why.</summary>
    public CronSchedule? Times { get; init; }

    /// <summary>Of spec.prune; null when there is none.</summary>
    public CronSchedule? PruneTimes { get; init; }

    /// <summary>Of spec.check; null when there is none.</summary>
    public CronSchedule? CheckTimes { get; init; }

    /// <summary>Null while the spec cannot be read.</summary>
    public MaintenanceObservation? Maintenance { get; init; }

    /// <summary>What is wrong with the spec beyond its schema.</summary>
    public string? Problem { get; init; }

    /// <summary>BackupJobs that this schedule owns.</summary>
    public IReadOnlyList<BackupJob> Jobs { get; init; } = [];

    /// <summary>BackupJobs of the namespace into the same repository, whoever made them: a backup by hand protects as well.</summary>
    public IReadOnlyList<BackupJob> RepositoryJobs { get; init; } = [];
    public SelectionResult Selection { get; init; } = SelectionResult.Nothing;

    /// <summary>Why BackupJobs could not be created the last time, by name.</summary>
    public IReadOnlyDictionary<string, ActionFailure> Failures { get; init; } = new Dictionary<string, ActionFailure>();

    public string Namespace => Schedule.Metadata.Namespace ?? "";

    public string Name => Schedule.Metadata.Name ?? "";

    public string Uid => Schedule.Metadata.Uid ?? "";
}
