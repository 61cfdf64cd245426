using System.Globalization;
using System.Text;
using Walle.Crds;
using Walle.Crds.Contracts;
using Walle.Worker.Arguments;
using Walle.Worker.Restic;
using Walle.Worker.Result;

namespace Walle.Worker.Restore;

/// <summary>One RestoreJob as YAML. Every text that comes from the repository is quoted: a name there may be anybody's.</summary>
internal static class RecoveryManifest
{
    private const int LongestName = 200;

    /// <param name="complete">The complete backups of that path, the newest first.</param>
    /// <param name="taken">Targets of those before it: two namespaces, or clusters, may have claims of one name.</param>
    public static string Of(WorkerArguments arguments, string host, string path, IReadOnlyList<RepositorySnapshot> complete, ISet<string> taken)
    {
        var parts = path[(arguments.Restore.VolumeRoot.Length + 1)..].Split('/');
        if (complete.Count == 0)
            return $"# {Shown(path)} of cluster {Shown(host)}: no complete backup; a partial one is restored by its source.snapshotId\n";
        var newest = complete[0];
        var claim = SnapshotFacts.Claim(newest);
        var isDump = parts.Length == 3;
        var target = Free(isDump ? Cut(parts[1] + "-dump") : parts[1], parts[0] == arguments.Restore.Namespace ? "" : parts[0] + "-", taken);
        var yaml = new StringBuilder();
        yaml.Append(CultureInfo.InvariantCulture, $"---\n# {Shown(path)} of cluster {Shown(host)}: {complete.Count} complete backups, the newest of {newest.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
        yaml.Append(CultureInfo.InvariantCulture, $", {(newest.Bytes is { } bytes ? WorkerLog.Size(bytes) : "of unknown size")} in {newest.Files} files\n");
        if (SnapshotTags.ValueOf(newest.Tags, SnapshotTags.Source) is { } workload)
            yaml.Append(CultureInfo.InvariantCulture, $"# workload: {Shown(workload)}\n");
        if (isDump || claim is { Size: null } or { StorageClassName: null })
            yaml.Append("# The backup did not record the claim: create must say its size, storageClassName and accessModes\n");
        yaml.Append(CultureInfo.InvariantCulture, $"apiVersion: {ApiGroup.ApiVersion}\nkind: {ApiGroup.RestoreJobKind}\nmetadata:\n  name: {Quoted(Cut("recover-" + target))}\nspec:\n");
        yaml.Append("  repository: {secretRef: {name: restic-repo}}\n  source:\n");
        yaml.Append(CultureInfo.InvariantCulture, $"    {(isDump ? "dump" : "claimName")}: {Quoted(string.Join('/', parts[1..]))}\n");
        if (parts[0] != arguments.Restore.Namespace)
            yaml.Append(CultureInfo.InvariantCulture, $"    namespace: {Quoted(parts[0])}\n");
        if (host != arguments.Host)
            yaml.Append(CultureInfo.InvariantCulture, $"    cluster: {Quoted(host)}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"  target:\n    claimName: {Quoted(target)}\n    create: {{}}");
        return yaml.Append(CultureInfo.InvariantCulture, $"{Recorded(claim)}\n").ToString();
    }

    private static string Free(string name, string prefix, ISet<string> taken)
    {
        var free = prefix + name;
        for (var number = 2; !taken.Add(free); number++)
            free = string.Create(CultureInfo.InvariantCulture, $"{prefix}{name}-{number}");
        return free;
    }

    private static string Recorded(RecordedClaim claim) =>
        claim.Size is null ? "" : $" # as it was: {Shown($"{claim.Size} of {claim.StorageClassName}, {string.Join(", ", claim.AccessModes ?? [])}")}";

    private static string Quoted(string text) => $"'{Shown(text).Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Shown(string text) => VisibleText.Escape(text);

    private static string Cut(string name) => name.Length <= LongestName ? name : name[..LongestName];
}
