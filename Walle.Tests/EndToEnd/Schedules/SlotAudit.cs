using System.Text.Json;

namespace Walle.Tests.EndToEnd.Schedules;

/// <summary>What a controller wrote in one namespace, from the API server's audit log.</summary>
/// <param name="Kinds">All writes but those of Events, by "verb resource".</param>
/// <param name="MostInFlight">Backups at once: from the VolumeSnapshot's creation to its deletion.</param>
internal sealed record SlotAudit(int Backups, IReadOnlyDictionary<string, int> Kinds, int Events, int MostInFlight, int Throttled)
{
    private static readonly string[] WriteVerbs = ["create", "update", "patch", "delete"];

    public int Writes => Kinds.Values.Sum();

    public static SlotAudit Read(string log, string ns, string user)
    {
        var (backups, events, throttled) = (0, 0, 0);
        Dictionary<string, int> kinds = [];
        HashSet<string> inFlight = [];
        var most = 0;
        foreach (var line in log.Split('\n').Where(line => line.EndsWith('}')))
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.GetProperty("stage").GetString() != "ResponseComplete" || root.GetProperty("user").GetProperty("username").GetString() != user
                || !root.TryGetProperty("objectRef", out var target) || Text(target, "namespace") != ns || !WriteVerbs.Contains(root.GetProperty("verb").GetString()))
                continue;

            var (resource, verb, code) = (Text(target, "resource"), root.GetProperty("verb").GetString(), root.GetProperty("responseStatus").GetProperty("code").GetInt32());
            if (code == 429)
                throttled++;
            if (resource == "events")
            {
                events++;
                continue;
            }

            var kind = string.Join('/', new[] { $"{verb} {resource}", Text(target, "subresource") }.OfType<string>());
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
            if (resource == "backupjobs" && verb == "create" && code == 201)
                backups++;
            if (resource == "volumesnapshots" && verb == "create" && code == 201)
                inFlight.Add(Name(root, target));
            if (resource == "volumesnapshots" && verb == "delete")
                inFlight.Remove(Name(root, target));
            most = Math.Max(most, inFlight.Count);
        }

        return new SlotAudit(backups, kinds, events, most, throttled);
    }

    /// <summary>A create has its name in the body, which is not in the log at the level of metadata: then in the answer, else it is counted by its audit id.</summary>
    private static string Name(JsonElement root, JsonElement target) => Text(target, "name") ?? Text(root, "auditID")!;

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
