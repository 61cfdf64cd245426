using Walle.Crds.Conditions;

namespace Walle.Controller.Pipeline.Hooks;

/// <summary>How a hook ended.</summary>
/// <param name="Reason">Null for success: exit code 0, told by the exec protocol's status.</param>
/// <param name="Output">The end of what it printed, fit to be shown.</param>
internal sealed record HookResult(Reason? Reason, string? Message, int? ExitCode, string Output, long OutputBytes, DateTimeOffset FinishedAt);
