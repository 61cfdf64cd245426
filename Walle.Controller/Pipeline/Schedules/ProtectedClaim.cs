namespace Walle.Controller.Pipeline.Schedules;

/// <summary>A claim that a schedule backs up, and how fresh its newest complete backup is.</summary>
/// <param name="LastBackupTime">When that backup's data was taken; null when there is none.</param>
internal sealed record ProtectedClaim(string Name, string Uid, DateTimeOffset SelectedSince, DateTimeOffset? LastBackupTime)
{
    /// <summary>From here the age counts: for a claim without a backup, from when the schedule first saw it.</summary>
    public DateTimeOffset FreshAt => LastBackupTime ?? SelectedSince;
}
