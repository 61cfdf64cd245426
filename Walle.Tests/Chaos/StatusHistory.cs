using System.Text.Json;
using NUnit.Framework;
using Walle.Crds.V1;
using Walle.Tests.Chaos.Proxy;

namespace Walle.Tests.Chaos;

/// <summary>I11: an end stays the end, and nothing in a status goes back in time. Read from the server's answers to the writes.</summary>
internal static class StatusHistory
{
    private static readonly string[] Ends = [BackupPhase.Succeeded, BackupPhase.PartiallySucceeded, BackupPhase.Failed, BackupPhase.Cancelled];

    public static void OnlyGoesForward(IEnumerable<ApiRecord> effects)
    {
        Dictionary<string, JsonElement> last = [];
        foreach (var effect in effects.Where(effect => effect.Call.Kind is "patch backupjobs/status" or "patch restorejobs/status" or "patch backupschedules/status" && effect.Status is 200))
        {
            var written = JsonDocument.Parse(effect.Answer).RootElement;
            if (!written.TryGetProperty("status", out var status))
                continue;
            var uid = written.GetProperty("metadata").GetProperty("uid").GetString()!;
            if (last.TryGetValue(uid, out var before))
                Compare(before, status, $"{effect.Call.Resource} {effect.Call.Name}");
            last[uid] = status;
        }
    }

    private static void Compare(JsonElement before, JsonElement after, string what)
    {
        var (was, now) = (Text(before, "phase"), Text(after, "phase"));
        if (Ends.Contains(was))
            Assert.That(now, Is.EqualTo(was), $"{what}: an end never changes");
        var (generation, seen) = (Number(before, "observedGeneration"), Number(after, "observedGeneration"));
        Assert.That(seen, Is.GreaterThanOrEqualTo(generation), $"{what}: observedGeneration");
        var times = Transitions(before);
        foreach (var (type, time) in Transitions(after))
            Assert.That(time, Is.GreaterThanOrEqualTo(times.GetValueOrDefault(type)), $"{what}: condition {type} went back in time");
    }

    private static Dictionary<string, DateTimeOffset> Transitions(JsonElement status) =>
        status.TryGetProperty("conditions", out var conditions)
            ? conditions.EnumerateArray().ToDictionary(condition => Text(condition, "type")!, condition => condition.GetProperty("lastTransitionTime").GetDateTimeOffset())
            : [];

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long Number(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetInt64() : 0;
}
