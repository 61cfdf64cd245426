namespace Walle.Crds.V1;

/// <summary>Values of <see cref="BackupScheduleSpec.ConcurrencyPolicy"/>, as on a CronJob.</summary>
public static class ConcurrencyPolicy
{
    public const string Forbid = "Forbid";
    public const string Allow = "Allow";
    public const string Replace = "Replace";
}
