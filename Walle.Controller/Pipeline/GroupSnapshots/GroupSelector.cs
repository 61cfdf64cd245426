using Walle.Controller.Projections;

namespace Walle.Controller.Pipeline.GroupSnapshots;

/// <summary>
/// Labels that select exactly the claims of a source. A VolumeGroupSnapshot finds its claims by label, and Walle writes no labels on claims that are not
/// its own. Only matchLabels: the snapshot controller ignores matchExpressions (kubernetes-csi/external-snapshotter, pull request 1286).
/// </summary>
internal static class GroupSelector
{
    private const int MostLabels = 16;

    /// <param name="wanted">Claims of the source.</param>
    /// <param name="present">All claims of the namespace.</param>
    /// <returns>Null when no labels select all of the wanted ones and nothing else.</returns>
    public static Dictionary<string, string>? Exactly(IReadOnlyList<ClaimProjection> wanted, IEnumerable<ClaimProjection> present)
    {
        // What all have in common is the narrowest selector there is. Beyond what a selector may hold the first ones count, by key.
        var common = wanted[0].Labels.Where(label => wanted.Skip(1).All(claim => claim.Labels.Contains(label))).Take(MostLabels).ToList();
        var names = wanted.Select(claim => claim.Name).ToHashSet();
        return common.Count == 0 || present.Any(claim => !names.Contains(claim.Name) && common.TrueForAll(claim.Labels.Contains))
            ? null
            : common.ToDictionary(label => label.Key, label => label.Value);
    }
}
