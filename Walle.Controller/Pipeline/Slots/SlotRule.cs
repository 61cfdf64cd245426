namespace Walle.Controller.Pipeline.Slots;

/// <summary>
/// Who is next: round-robin over the namespaces, the one with the fewest backups under way first, and in due order within each. A backup that a limit
/// of its own holds back (its StorageClass, for example) lets those behind it pass.
/// </summary>
internal static class SlotRule
{
    /// <summary>Those of the waiting that get a slot now, in order.</summary>
    /// <param name="repositories">Who uses which repository; null: nobody needs one for itself.</param>
    public static IReadOnlyList<SlotRequest> Grant(SlotLimits limits, IReadOnlyCollection<SlotRequest> held, IReadOnlyCollection<SlotRequest> waiting, RepositoryUse? repositories = null)
    {
        var usage = Usage(limits, held);
        List<SlotRequest> granted = [];
        foreach (var request in InOrder(usage, waiting))
        {
            if (usage.HasRoomFor(request) && repositories?.Obstacle(request) is null)
            {
                usage.Add(request);
                repositories?.Add(request);
                granted.Add(request);
            }
            else if (limits.Cluster > 0 && usage.Total >= limits.Cluster)
            {
                break;
            }
        }

        // After the backups that were due before them. They need no slot, only the repository.
        foreach (var request in waiting.Where(request => request.Exclusive).OrderBy(request => request.DueAt).ThenBy(request => request.Uid, StringComparer.Ordinal))
        {
            if (repositories?.Obstacle(request) is null)
            {
                repositories?.Add(request);
                granted.Add(request);
            }
        }

        return granted;
    }

    /// <summary>The place of one that waits, and what stands in its way.</summary>
    public static SlotAnswer Place(SlotLimits limits, IReadOnlyCollection<SlotRequest> held, IReadOnlyCollection<SlotRequest> waiting, SlotRequest request, RepositoryUse? repositories = null)
    {
        var obstacle = repositories?.Obstacle(request);
        if (request.Exclusive)
        {
            return new SlotAnswer(1, 1, obstacle ?? "those before it come first", IsNews: true);
        }

        var usage = Usage(limits, held);
        var order = InOrder(usage, waiting);
        return new SlotAnswer(order.FindIndex(other => other.Uid == request.Uid) + 1, order.Count, obstacle ?? usage.Obstacle(request) ?? "those before it come first", IsNews: true);
    }

    private static SlotUsage Usage(SlotLimits limits, IReadOnlyCollection<SlotRequest> held)
    {
        var usage = new SlotUsage(limits);
        foreach (var request in held.Where(request => request is { Exclusive: false, IsRestore: false }))
        {
            usage.Add(request);
        }

        return usage;
    }

    private static List<SlotRequest> InOrder(SlotUsage usage, IReadOnlyCollection<SlotRequest> waiting) =>
        waiting.Where(request => !request.Exclusive).GroupBy(request => request.Name.Namespace)
            .SelectMany(ofNamespace =>
            {
                var underWay = usage.OfNamespace(ofNamespace.Key);
                return ofNamespace.OrderBy(request => request.DueAt).ThenBy(request => request.Name.Name, StringComparer.Ordinal).Select((request, index) => (Turn: underWay + index, request));
            })
            .OrderBy(entry => entry.Turn).ThenBy(entry => entry.request.DueAt).ThenBy(entry => entry.request.Name.Namespace, StringComparer.Ordinal)
            .Select(entry => entry.request)
            .ToList();
}
