using Walle.Controller.Projections;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Selection;

/// <summary>Why a selector does not match, in words; null when it does. Everything that is set must match.</summary>
internal static class SelectorMismatch
{
    /// <returns>Null also for a selector of workloads whose StorageClasses fit: whether one of them has the claim is another question.</returns>
    public static string? OfClaim(BackupSelector selector, ClaimProjection claim) =>
        selector.Kind is not null and not SourceKind.PersistentVolumeClaim
            ? OfStorageClass(selector, claim)
            : OfNamed(selector, claim.Name.Name, claim.Labels) ?? OfStorageClass(selector, claim);

    public static string? OfNamed(BackupSelector selector, string name, IReadOnlyList<KeyValuePair<string, string>> labels)
    {
        if (selector.Names is { Count: > 0 } names && !names.Contains(name))
        {
            return "its name is not in names";
        }

        return selector.LabelSelector.Matches(labels) ? null : "its labels do not match labelSelector";
    }

    public static string? OfStorageClass(BackupSelector selector, ClaimProjection claim) =>
        selector.StorageClassNames is { Count: > 0 } classes && !classes.Contains(claim.StorageClassName ?? "")
            ? $"its StorageClass {claim.StorageClassName ?? "(none)"} is not in storageClassNames"
            : null;
}
