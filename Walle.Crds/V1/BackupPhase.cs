namespace Walle.Crds.V1;

/// <summary>Phases of a BackupJob: derived from the conditions for display, never decided from.</summary>
public static class BackupPhase
{
    public const string Pending = "Pending";
    public const string BeforeHooks = "BeforeHooks";
    public const string Snapshotting = "Snapshotting";
    public const string AfterHooks = "AfterHooks";
    public const string Cloning = "Cloning";
    public const string Uploading = "Uploading";
    public const string CleaningUp = "CleaningUp";
    public const string Succeeded = "Succeeded";
    public const string PartiallySucceeded = "PartiallySucceeded";
    public const string Failed = "Failed";
    public const string Cancelled = "Cancelled";

    /// <summary>Of a single volume only: it is left out.</summary>
    public const string Skipped = "Skipped";
}
