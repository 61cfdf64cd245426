namespace Walle.Tests.Storage;

/// <summary>A snapshot cannot go on; the message goes into its status.error, the reason into its Event.</summary>
internal sealed class SnapshotException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;
}
