using Walle.Worker.Arguments;

namespace Walle.Worker.Maintenance;

/// <summary>The command lines of prune, check and unlock. Pure. As in <see cref="Restic.ResticArguments"/>, no value can become a flag of its own.</summary>
internal static class MaintenanceLine
{
    public static readonly IReadOnlyList<string> Locks = ["list", "locks", "--no-lock", "--no-cache"];
    public static readonly IReadOnlyList<string> Snapshots = ["list", "snapshots", "--no-lock", "--no-cache"];
    public static readonly IReadOnlyList<string> Unlock = ["unlock", "--no-cache"];

    public static List<string> Lock(string id) => ["cat", "lock", "--no-lock", "--no-cache", "--", id];

    public static List<string> Forget(WorkerArguments arguments, IEnumerable<string> ids) => [.. WithLock(["forget", "--json"], arguments), "--", .. ids];

    public static List<string> Prune(WorkerArguments arguments)
    {
        List<string> line = ["prune", "--json"];
        if (arguments.Maintenance.MaxUnused is { } unused)
            line.Add("--max-unused=" + unused);
        if (arguments.Maintenance.MaxRepackSize is { } size)
            line.Add("--max-repack-size=" + size);
        return WithLock(line, arguments);
    }

    public static List<string> Check(WorkerArguments arguments)
    {
        List<string> line = ["check", "--json"];
        if (arguments.Maintenance.ReadDataSubset is { } part)
            line.Add("--read-data-subset=" + part);
        return WithLock(line, arguments);
    }

    private static List<string> WithLock(List<string> line, WorkerArguments arguments) => arguments.RetryLock is { } wait ? [.. line, "--retry-lock=" + wait] : line;
}
