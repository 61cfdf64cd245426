namespace Walle.Crds.V1;

/// <summary>Where a hook stands.</summary>
public static class HookPhase
{
    public const string Pending = "Pending";

    /// <summary>Written before it is started: from then on it may have run.</summary>
    public const string Started = "Started";
    public const string Succeeded = "Succeeded";
    public const string Failed = "Failed";
    public const string Skipped = "Skipped";
    public const string Unknown = "Unknown";
}
