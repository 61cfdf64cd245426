using System.Globalization;
using System.Text.Json.Nodes;

namespace Walle.Tests.Storage;

/// <summary>The status of a VolumeSnapshot, which follows that of its content.</summary>
internal sealed class SnapshotStatusWriter(StorageObjects objects, EventRecorder events, string component)
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ssZ";
    private const long BytesPerMebibyte = 1 << 20;

    public static string Now() => TimeProvider.System.GetUtcNow().ToString(TimeFormat, CultureInfo.InvariantCulture);

    public async Task WriteAsync(VolumeSnapshot snapshot, VolumeSnapshotContent content, CancellationToken cancel)
    {
        var (known, told) = (snapshot.Status, content.Status);
        var isReady = told?.ReadyToUse == true;
        var patch = new JsonObject();
        if (known?.BoundVolumeSnapshotContentName is null)
            patch["boundVolumeSnapshotContentName"] = content.Metadata.Name;
        if (known?.CreationTime is null && told?.CreationTime is { } cut)
            patch["creationTime"] = DateTimeOffset.FromUnixTimeMilliseconds(cut / 1_000_000).ToString(TimeFormat, CultureInfo.InvariantCulture);
        if (known?.ReadyToUse != isReady)
            patch["readyToUse"] = isReady;
        if (known?.RestoreSize is null && told?.RestoreSize is { } bytes)
            patch["restoreSize"] = Quantity(bytes);
        if (known?.Error?.Message != told?.Error?.Message)
            patch["error"] = told?.Error is { } error ? Error(error.Message ?? "") : null;
        if (patch.Count == 0)
            return;
        if (patch.ContainsKey("creationTime"))
            events.Normal(snapshot, component, "SnapshotCreated", $"Snapshot {SnapshotNames.Key(snapshot)} was successfully created by the CSI driver.");
        if (isReady && patch.ContainsKey("readyToUse"))
            events.Normal(snapshot, component, "SnapshotReady", $"Snapshot {SnapshotNames.Key(snapshot)} is ready to use.");
        await objects.SnapshotWriter.PatchStatusAsync(snapshot, patch, cancel);
    }

    public async Task WriteErrorAsync(VolumeSnapshot snapshot, SnapshotException error, CancellationToken cancel)
    {
        if (snapshot.Status?.Error?.Message == error.Message)
            return;
        var patch = new JsonObject { ["error"] = Error(error.Message) };
        // As the real one: an error about the class leaves readyToUse as it is.
        if (error.Reason is not ("GetSnapshotClassFailed" or "SetDefaultSnapshotClassFailed"))
            patch["readyToUse"] = false;
        events.Warning(snapshot, component, error.Reason, error.Message);
        await objects.SnapshotWriter.PatchStatusAsync(snapshot, patch, cancel);
    }

    public static JsonObject Error(string message) => new() { ["time"] = Now(), ["message"] = message };

    private static string Quantity(long bytes) => bytes % BytesPerMebibyte == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / BytesPerMebibyte}Mi")
        : bytes.ToString(CultureInfo.InvariantCulture);
}
