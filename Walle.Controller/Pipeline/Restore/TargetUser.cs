namespace Walle.Controller.Pipeline.Restore;

/// <summary>A Pod that has not ended and mounts the target.</summary>
/// <param name="Deleting">It is on its way out, and may be waited for.</param>
internal sealed record TargetUser(string Pod, bool Deleting);
