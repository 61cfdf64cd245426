namespace Walle.Controller.Pipeline.Slots;

/// <summary>What the backups under way take of each limit.</summary>
internal sealed class SlotUsage(SlotLimits limits)
{
    private readonly Dictionary<(string Limit, string Key), int> _counts = [];

    public int Total { get; private set; }

    public int OfNamespace(string name) => Count("namespace", name);

    public void Add(SlotRequest request)
    {
        Total++;
        foreach (var (limit, key, _, _) in Limits(request))
        {
            _counts[(limit, key)] = Count(limit, key) + 1;
        }
    }

    public bool HasRoomFor(SlotRequest request) => Obstacle(request) is null;

    /// <summary>The first limit that is reached, in words, or null.</summary>
    public string? Obstacle(SlotRequest request)
    {
        if (limits.Cluster > 0 && Total >= limits.Cluster)
        {
            return $"the cluster has {Total} backups under way and the limit is {limits.Cluster} (--max-backups)";
        }

        foreach (var (limit, key, max, flag) in Limits(request))
        {
            if (max > 0 && Count(limit, key) >= max)
            {
                return $"{limit} {key} has {Count(limit, key)} backups under way and the limit is {max} ({flag})";
            }
        }

        return null;
    }

    private int Count(string limit, string key) => _counts.GetValueOrDefault((limit, key));

    private IEnumerable<(string Limit, string Key, int Max, string Flag)> Limits(SlotRequest request) =>
    [
        ("namespace", request.Name.Namespace, limits.Namespace, "--max-backups-per-namespace"),
        ("repository", request.Repository, limits.Repository, "--max-backups-per-repository"),
        .. request.StorageClasses.Distinct().Select(storageClass => ("StorageClass", storageClass, limits.StorageClass, "--max-backups-per-storage-class")),
        .. request.Nodes.Distinct().Select(node => ("node", node, limits.Node, "--max-backups-per-node")),
    ];
}
