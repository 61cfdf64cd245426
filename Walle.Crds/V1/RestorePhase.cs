namespace Walle.Crds.V1;

/// <summary>Phases of a RestoreJob: derived from the conditions for display, never decided from.</summary>
public static class RestorePhase
{
    public const string Pending = "Pending";
    public const string CreatingTarget = "CreatingTarget";
    public const string Restoring = "Restoring";
    public const string CleaningUp = "CleaningUp";
    public const string Succeeded = "Succeeded";
    public const string PartiallySucceeded = "PartiallySucceeded";
    public const string Failed = "Failed";
    public const string Cancelled = "Cancelled";
}
