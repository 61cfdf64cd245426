using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Schedules;

/// <summary>A write that a schedule asks for. Each is idempotent: a create of what exists is done, as is a delete of what is gone.</summary>
internal abstract record ScheduleAction
{
    internal sealed record CreateBackupJob(BackupJob Manifest) : ScheduleAction;

    /// <summary>A worker for the repository as a whole.</summary>
    internal sealed record CreateJob(k8s.Models.V1Job Manifest) : ScheduleAction;

    internal sealed record DeleteJob(string Name, string Uid) : ScheduleAction;

    /// <summary>Cancels it while it runs. The backup itself stays.</summary>
    internal sealed record DeleteBackupJob(string Name, string Uid) : ScheduleAction;
}
