using Walle.Controller.Projections;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Selection;

/// <summary>What selectors choose from: everything in the schedule's namespace.</summary>
/// <param name="Workloads">By <see cref="SourceKind"/>; only the kinds that a selector names.</param>
internal sealed record SelectionInput(
    BackupScheduleSpec Spec, IReadOnlyList<ClaimProjection> Claims, IReadOnlyDictionary<string, IReadOnlyList<WorkloadProjection>> Workloads, StorageFacts Storage);
