using Walle.Controller.Projections;

namespace Walle.Controller.Pipeline;

/// <summary>A claim of a workload, as a live look found it.</summary>
/// <param name="Claim">Null when it does not exist.</param>
/// <param name="Driver">CSI driver of its volume; null when it has none.</param>
/// <param name="OptedOut">Annotation ros.io/backup is "false".</param>
internal sealed record SourceClaim(string Name, ClaimProjection? Claim, string? Driver, bool OptedOut);
