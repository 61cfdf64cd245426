namespace Walle.Controller.Pipeline.Slots;

/// <summary>
/// Who is next: round-robin over the namespaces, the one with the fewest backups under way first, and in due order within each. A backup that a limit
/// of its own holds back (its StorageClass, for example) lets those behind it pass.
/// </summary>
internal static class SlotRule
{
    /// <summary>Those of the waiting that get a slot now, in order.</summary>
    public static IReadOnlyList<SlotRequest> Grant(SlotLimits limits, IReadOnlyCollection<SlotRequest> held, IReadOnlyCollection<SlotRequest> waiting)
    {
        var usage = Usage(limits, held);
        List<SlotRequest> granted = [];
        foreach (var request in InOrder(usage, waiting))
        {
            if (usage.HasRoomFor(request))
            {
                usage.Add(request);
                granted.Add(request);
            }
            else if (limits.Cluster > 0 && usage.Total >= limits.Cluster)
            {
                break;
            }
        }

        return granted;
    }

    /// <summary>The place of one that waits, and what stands in its way.</summary>
    public static SlotAnswer Place(SlotLimits limits, IReadOnlyCollection<SlotRequest> held, IReadOnlyCollection<SlotRequest> waiting, SlotRequest request)
    {
        var usage = Usage(limits, held);
        var position = InOrder(usage, waiting).TakeWhile(other => other.Uid != request.Uid).Count() + 1;
        return new SlotAnswer(position, waiting.Count, usage.Obstacle(request) ?? "those before it come first", IsNews: true);
    }

    private static SlotUsage Usage(SlotLimits limits, IReadOnlyCollection<SlotRequest> held)
    {
        var usage = new SlotUsage(limits);
        foreach (var request in held)
        {
            usage.Add(request);
        }

        return usage;
    }

    private static List<SlotRequest> InOrder(SlotUsage usage, IReadOnlyCollection<SlotRequest> waiting) =>
        waiting.GroupBy(request => request.Name.Namespace)
            .SelectMany(ofNamespace =>
            {
                var underWay = usage.OfNamespace(ofNamespace.Key);
                return ofNamespace.OrderBy(request => request.DueAt).ThenBy(request => request.Name.Name, StringComparer.Ordinal).Select((request, index) => (Turn: underWay + index, request));
            })
            .OrderBy(entry => entry.Turn).ThenBy(entry => entry.request.DueAt).ThenBy(entry => entry.request.Name.Namespace, StringComparer.Ordinal)
            .Select(entry => entry.request)
            .ToList();
}
