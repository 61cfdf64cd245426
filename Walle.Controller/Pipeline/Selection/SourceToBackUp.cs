using Walle.Controller.Projections;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Selection;

/// <summary>One source of a run: one BackupJob.</summary>
/// <param name="Claims">Those that it is backed up with, by name. Empty for a workload that has a dump alone.</param>
/// <param name="IsWhole">The workload has no claim beside these.</param>
/// <param name="Options">Of the schedule, overridden by the selector.</param>
internal sealed record SourceToBackUp(string Kind, string Name, IReadOnlyList<ClaimProjection> Claims, bool IsWhole, BackupOptions? Options);
