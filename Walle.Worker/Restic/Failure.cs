using Walle.Crds.Conditions;

namespace Walle.Worker.Restic;

/// <summary>What went wrong, for the result.</summary>
internal sealed record Failure(Reason Reason, int ExitCode, string Message);
