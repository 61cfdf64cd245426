using System.Globalization;

namespace Walle.Tests.Storage;

/// <summary>The storage system: volumes and snapshots in the node, by way of the script walle-volumes.</summary>
internal sealed class StorageNode(INodeShell shell)
{
    public const string VolumesFolder = "/var/lib/walle-volumes/volumes";
    private const string Script = "/usr/local/bin/walle-volumes";
    private const int AtOnce = 4;
    private readonly SemaphoreSlim _slots = new(AtOnce);

    public static string VolumePath(string volumeHandle) => $"{VolumesFolder}/{volumeHandle}";

    public Task InstallAsync() => shell.CopyProgramAsync(Path.Combine(AppContext.BaseDirectory, "Storage", "Node", "walle-volumes"), Script);

    public Task CreateAsync(string driver, string volume, long bytes, string owner) =>
        RunAsync("create", StorageNames.VolumeKind(driver), volume, Text(bytes), owner);

    /// <param name="damage">What is wrong with the copy, in the script's words; empty for nothing.</param>
    public Task RestoreAsync(string driver, string volume, long bytes, string owner, string snapshot, string damage) =>
        RunAsync("restore", StorageNames.VolumeKind(driver), volume, Text(bytes), owner, snapshot, damage);

    public async Task<SnapshotCut> CutAsync(string snapshot, string volume, string owner)
    {
        var parts = (await RunAsync("cut", snapshot, volume, owner)).Split(' ', StringSplitOptions.TrimEntries);
        return new SnapshotCut(long.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    /// <summary>All at one moment.</summary>
    public async Task<IReadOnlyList<SnapshotCut>> CutTogetherAsync(IReadOnlyList<(string Snapshot, string Volume)> pairs, string owner)
    {
        var lines = (await RunAsync(["cut-together", owner, .. pairs.SelectMany(pair => new[] { pair.Snapshot, pair.Volume })])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => line.Split(' ', StringSplitOptions.TrimEntries)).Select(parts => new SnapshotCut(long.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture)))];
    }

    public Task DeleteVolumeAsync(string volume) => RunAsync("delete-volume", volume);

    public Task DeleteSnapshotAsync(string snapshot) => RunAsync("delete-snapshot", snapshot);

    public async Task<StorageLeftOvers> LeftOversAsync(string namespaceName)
    {
        var lines = (await RunAsync("list", namespaceName)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] Of(string kind) => [.. lines.Where(line => line.StartsWith(kind + " ", StringComparison.Ordinal)).Select(line => line[(kind.Length + 1)..])];
        return new StorageLeftOvers(Of("volume"), Of("snapshot"), Of("mount"));
    }

    private async Task<string> RunAsync(params string[] argv)
    {
        await _slots.WaitAsync();
        try
        {
            return await shell.RunAsync([Script, .. argv]);
        }
        finally
        {
            _slots.Release();
        }
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
