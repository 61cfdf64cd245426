using System.Text.Json.Nodes;
using Walle.Crds;

namespace Walle.Tests.Crds;

/// <summary>Values of the fields that have a pattern or a list of values, right and wrong, written by hand: what a user would try.</summary>
internal static class SpelledValues
{
    private static readonly (string Kind, string Field, JsonNode[] Right, JsonNode[] Wrong)[] Table =
    [
        (ApiGroup.BackupScheduleKind, "spec.schedule",
            ["0 2 * * *", "H 2 * * *", "H/15 * * * *", "H(0-29) 3 * * MON-FRI", "*/5 0-6,18 1,15 jan-mar 7", "@hourly", "@midnight", "@yearly", "@annually", "0  2  *  *  *"],
            ["", " ", "* * * *", "* * * * * *", "@reboot", "@every 1h", "every day", "0 2 * * *\n", "0 2 * * *; rm", "TZ=UTC 0 2 * * *", "H 2 * * L!"]),
        (ApiGroup.BackupScheduleKind, "spec.timeZone", ["UTC", "GMT", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"], ["", "Local", "+02:00", "../etc/passwd", "/Europe"]),
        (ApiGroup.BackupScheduleKind, "spec.rpo", ["26h", "1h30m", "90m", "45s"], ["", "h", "26", "1d", "-1h", "1.5h", "1m1h"]),
        (ApiGroup.BackupScheduleKind, "spec.concurrencyPolicy", ["Forbid", "Allow", "Replace"], ["forbid", "", "Queue"]),
        (ApiGroup.BackupScheduleKind, "spec.retention.keepWithin", ["14d", "1y2m3d4h", "6h"], ["", "d", "14", "2w", "14d7h1y", "-1d"]),
        (ApiGroup.BackupScheduleKind, "spec.retention.keepLast", [0, 1, 10000], [-1, 10001, "3", 1.5]),
        (ApiGroup.BackupScheduleKind, "spec.prune.maxUnused", ["0%", "10%", "99.5%", "50G", "0", "unlimited"], ["", "100%", "-1%", "1.5G", "50GB", "all"]),
        (ApiGroup.BackupScheduleKind, "spec.prune.maxRepackSize", ["50G", "500M", "1024"], ["", "50g", "1.5G", "50Gi", "10%"]),
        (ApiGroup.BackupScheduleKind, "spec.check.readDataParts", [1, 256], [0, 257]),
        (ApiGroup.BackupJobKind, "spec.source.kind", ["PersistentVolumeClaim", "Pod", "Deployment", "StatefulSet", "DaemonSet"], ["Job", "pod", ""]),
        (ApiGroup.BackupJobKind, "spec.source.name", ["data", "data-0.x", "0"], ["", "Data", "-data", "data_0", "../data", "data\n", "a/b"]),
        (ApiGroup.BackupJobKind, "spec.repository.initialize", ["IfMissing", "Never"], ["Always", ""]),
        (ApiGroup.BackupJobKind, "spec.options.compression", ["auto", "off", "max"], ["Auto", "fastest"]),
        (ApiGroup.BackupJobKind, "spec.options.tags[0]", ["a", "before-upgrade", "a=b", ".x", "v1.2/x:y"], ["", "-x", "a,b", "a b", "ä"]),
        (ApiGroup.BackupJobKind, "spec.options.excludes[0]", ["*.tmp", "/a b/ä", "!x"], ["", "a\nb", "\u001b[2J"]),
        (ApiGroup.BackupJobKind, "spec.options.clone.size", ["10Gi", "1.5Ti", "1e9", "500M", 1073741824, "0.5Gi", "007Gi"], ["", "10Gx", "0", "0.0Gi", "-1Gi", "10K", "10GB", "Gi", "10 Gi", -1]),
        (ApiGroup.BackupJobKind, "spec.options.clone.accessModes[0]", ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"], ["RWO", "", "ReadWriteOnceX"]),
        (ApiGroup.BackupJobKind, "spec.options.worker.resources.limits", [new JsonObject { ["cpu"] = 2 }, new JsonObject { ["cpu"] = "0" }, new JsonObject { ["memory"] = "1e3", ["cpu"] = ".5" }], [new JsonObject { ["cpu"] = "two" }, new JsonObject { ["cpu"] = -1 }, new JsonObject { ["cpu"] = "" }]),
        (ApiGroup.BackupJobKind, "spec.options.worker.runAsUser", [1, 2147483647], [0, -1]),
        (ApiGroup.RestoreJobKind, "spec.overwrite", ["Never", "IfChanged", "Always"], ["never", "IfNewer"]),
        (ApiGroup.RestoreJobKind, "spec.source.asOf", ["2026-11-20T03:00:00Z", "2026-11-20T03:00:00.5+02:00"], ["yesterday", "2026-13-20T03:00:00Z", ""]),
        (ApiGroup.RestoreJobKind, "spec.source.namespace", ["shop", "shop-2"], ["", "Shop", "a.b", "a/b"]),
    ];

    /// <summary>Valid objects, one a right value.</summary>
    public static IEnumerable<BrokenObject> Right() => Table.SelectMany(row => row.Right.Select(value => Make(row.Kind, row.Field, value)));

    /// <summary>Invalid objects, one a wrong value.</summary>
    public static IEnumerable<BrokenObject> Wrong() => Table.SelectMany(row => row.Wrong.Select(value => Make(row.Kind, row.Field, value)));

    private static BrokenObject Make(string kind, string field, JsonNode value) =>
        new(Samples.Kind(kind), field, $"= {value.ToJsonString()}", Around(Samples.Smallest(Samples.Kind(kind)), field).With(field, value));

    // What must stand beside the field, or around it, for the object to be right but for this value.
    private static JsonObject Around(JsonObject smallest, string field)
    {
        if (field.StartsWith("spec.prune.", StringComparison.Ordinal) || field.StartsWith("spec.check.", StringComparison.Ordinal))
            smallest = smallest.With(field[..field.LastIndexOf('.')], new JsonObject { ["schedule"] = "@daily" });
        if (field.StartsWith("spec.retention.", StringComparison.Ordinal))
            smallest = smallest.With("spec.retention", new JsonObject { ["keepDaily"] = 7 });
        return field.EndsWith("[0]", StringComparison.Ordinal) ? smallest.With(field[..^3], new JsonArray("x")) : smallest;
    }
}
