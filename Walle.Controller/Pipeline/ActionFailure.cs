using Walle.Crds.Conditions;

namespace Walle.Controller.Pipeline;

/// <summary>
/// Why the API server refused the last write for a BackupJob. Kept in memory only: after a restart the write is tried again and refused again.
/// </summary>
/// <param name="IsFinal">Trying again cannot help.</param>
internal sealed record ActionFailure(Reason Reason, string Message, bool IsFinal)
{
    /// <summary>Name of the object that was to be made; null when it is not about one volume.</summary>
    public string? About { get; init; }
}
