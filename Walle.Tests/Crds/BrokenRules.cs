using System.Text.Json.Nodes;
using Walle.Crds;

namespace Walle.Tests.Crds;

/// <summary>Objects that break a rule about several fields. Those of <see cref="InCel"/> are refused at the door only where the server has CEL.</summary>
internal static class BrokenRules
{
    private const string SnapshotId = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// <summary>Every server refuses these: JSON schema says it.</summary>
    public static IReadOnlyList<BrokenObject> InSchema { get; } =
    [
        Restore("spec.source", "set exactly one of claimName, dump and snapshotId", source => source.Remove("claimName")),
        Restore("spec.source", "set exactly one of claimName, dump and snapshotId", source => source["dump"] = "db.dump"),
        Restore("spec.source", "asOf and previous exclude each other", source =>
        {
            source["asOf"] = "2026-11-20T03:00:00Z";
            source["previous"] = 1;
        }),
        RestoreSnapshot("asOf", "2026-11-20T03:00:00Z"), RestoreSnapshot("previous", 1), RestoreSnapshot("namespace", "shop"), RestoreSnapshot("cluster", "prod-1"),
        Rule(ApiGroup.BackupJobKind, "spec.source", "claimNames has a meaning for a workload only", spec => spec["source"] = new JsonObject { ["name"] = "data", ["claimNames"] = new JsonArray("data") }),
        Rule(ApiGroup.RestoreJobKind, "spec", "include and exclude exclude each other", spec =>
        {
            spec["include"] = new JsonArray("/etc");
            spec["exclude"] = new JsonArray("*.log");
        }),
        Rule(ApiGroup.BackupScheduleKind, "spec.retention", "it keeps nothing", spec => spec["retention"] = new JsonObject()),
        Rule(ApiGroup.BackupScheduleKind, "spec.retention", "it keeps nothing", spec =>
            spec["retention"] = new JsonObject { ["keepLast"] = 0, ["keepDaily"] = 0, ["minKeep"] = 5, ["keepTags"] = new JsonArray() }),
        Expression("In", null), Expression("NotIn", new JsonArray()), Expression("Exists", new JsonArray("x")), Expression("DoesNotExist", new JsonArray("x")),
        Rule(ApiGroup.RestoreJobKind, "spec", "deleteExtra needs overwrite: IfChanged or Always", spec => spec["deleteExtra"] = true),
        Rule(ApiGroup.RestoreJobKind, "spec", "target.create makes a new claim", spec =>
        {
            spec["target"]!["create"] = new JsonObject();
            spec["overwrite"] = "Always";
        }),
        Rule(ApiGroup.RestoreJobKind, "spec.target", "set exactly one of claimName and exec", spec => spec["target"] = new JsonObject()),
        Rule(ApiGroup.RestoreJobKind, "spec.target", "set exactly one of claimName and exec", spec => spec["target"]!["exec"] = new JsonObject { ["name"] = "db" }),
        Command("spec.target", "exec and create exclude each other", spec => spec["target"]!["create"] = new JsonObject()),
        Command("spec", "target.exec takes a dump", spec => spec["source"] = new JsonObject { ["claimName"] = "data" }),
        Command("spec", "target.exec takes the whole dump", spec => spec["include"] = new JsonArray("/etc")),
        Command("spec", "target.exec takes the whole dump", spec => spec["exclude"] = new JsonArray("/etc")),
        Command("spec", "target.exec takes the whole dump", spec => spec["overwrite"] = "IfChanged"),
    ];

    /// <summary>Only CEL, and the validator in C#, refuse these: JSON schema cannot say it.</summary>
    public static IReadOnlyList<BrokenObject> InCel { get; } = [PodLabel("ros.io/owner-uid"), PodLabel("app.kubernetes.io/managed-by")];

    private static BrokenObject Expression(string @operator, JsonArray? values) =>
        Rule(ApiGroup.BackupScheduleKind, "spec.selectors[0].labelSelector.matchExpressions[0]", "values is needed with In and NotIn", spec =>
        {
            var expression = new JsonObject { ["key"] = "app", ["operator"] = @operator };
            if (values is not null)
                expression["values"] = values;
            spec["selectors"] = new JsonArray(new JsonObject { ["labelSelector"] = new JsonObject { ["matchExpressions"] = new JsonArray(expression) } });
        });

    private static BrokenObject PodLabel(string key) =>
        Rule(ApiGroup.BackupJobKind, "spec.options.worker.podLabels", "are Walle's own; leave them out", spec =>
            spec["options"] = new JsonObject { ["worker"] = new JsonObject { ["podLabels"] = new JsonObject { [key] = "x" } } });

    private static BrokenObject RestoreSnapshot(string field, JsonNode value) =>
        Restore("spec.source", $"snapshotId and {field} exclude each other", source =>
        {
            source.Remove("claimName");
            source["snapshotId"] = SnapshotId;
            source[field] = value;
        });

    private static BrokenObject Command(string field, string message, Action<JsonObject> change) => Rule(ApiGroup.RestoreJobKind, field, message, spec =>
    {
        spec["source"] = new JsonObject { ["dump"] = "db/dump.sql" };
        spec["target"] = new JsonObject { ["exec"] = new JsonObject { ["name"] = "db" } };
        change(spec);
    });

    private static BrokenObject Restore(string field, string message, Action<JsonObject> change) =>
        Rule(ApiGroup.RestoreJobKind, field, message, spec => change(spec["source"]!.AsObject()));

    private static BrokenObject Rule(string kind, string field, string message, Action<JsonObject> change)
    {
        var smallest = Samples.Smallest(Samples.Kind(kind));
        change(smallest["spec"]!.AsObject());
        return new(Samples.Kind(kind), field, message, smallest);
    }
}
