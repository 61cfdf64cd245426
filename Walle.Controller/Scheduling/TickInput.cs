namespace Walle.Controller.Scheduling;

/// <summary>All that <see cref="TickRule"/> goes by.</summary>
internal sealed record TickInput
{
    public required CronSchedule Schedule { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>metadata.creationTimestamp: ticks up to then are none of this schedule.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>status.lastScheduleTime as last persisted. Null: no tick was run or left out yet.</summary>
    public DateTimeOffset? LastScheduleTime { get; init; }

    /// <summary>spec.startingDeadlineSeconds. Null: however late.</summary>
    public TimeSpan? StartingDeadline { get; init; }

    public bool Suspended { get; init; }

    /// <summary>A value of <see cref="Walle.Crds.V1.ConcurrencyPolicy"/>; null is Forbid.</summary>
    public string? ConcurrencyPolicy { get; init; }

    /// <summary>
    /// The tick of the newest run that is under way. Null: there is none. The tick and not a bool, as a run whose making was cut short by a crash
    /// must be made whole rather than wait for itself.
    /// </summary>
    public DateTimeOffset? ActiveTick { get; init; }

    /// <summary>The tick of the last run, for whatever reason it ran: its name is taken. Null: there was none.</summary>
    public DateTimeOffset? LastRunTick { get; init; }

    /// <summary>The annotation that asks for a run. Null: there is none.</summary>
    public string? RunNow { get; init; }

    /// <summary>The value of that annotation that was answered last, as persisted.</summary>
    public string? RunNowAnswered { get; init; }
}
