using Walle.Controller.Projections;

namespace Walle.Controller.Pipeline.Selection;

/// <summary>
/// Which claims belong to a workload: those that its Pods name, and for a StatefulSet those made from its templates, template-set-ordinal. Also of
/// ordinals that it is scaled down from: nobody mounts that data now, and it is still the workload's.
/// </summary>
internal static class WorkloadClaims
{
    public static IEnumerable<ClaimProjection> Of(WorkloadProjection workload, IReadOnlyDictionary<string, ClaimProjection> claims)
    {
        var named = workload.ClaimNames.Select(claims.GetValueOrDefault).OfType<ClaimProjection>();
        var templated = workload.ClaimTemplates.Count == 0 ? [] : claims.Values.Where(claim => IsTemplated(workload, claim.Name.Name));
        return named.Concat(templated).DistinctBy(claim => claim.Name).OrderBy(claim => claim.Name.Name, StringComparer.Ordinal);
    }

    private static bool IsTemplated(WorkloadProjection workload, string claim)
    {
        var dash = claim.LastIndexOf('-');
        var ordinal = claim.AsSpan(dash + 1);
        return dash > 0 && ordinal.Length > 0 && !ordinal.ContainsAnyExceptInRange('0', '9')
            && workload.ClaimTemplates.Any(template => claim.AsSpan(0, dash).SequenceEqual($"{template}-{workload.Name.Name}"));
    }
}
