using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Tests.EndToEnd.Schedules;

/// <summary>A test of schedules on the real cluster.</summary>
public abstract class ScheduleEndToEndTest : WorkloadTest
{
    /// <summary>Never due while a test runs: only ros.io/run-now starts it.</summary>
    protected const string Yearly = "0 0 29 2 *";

    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    /// <param name="spec">Members of the spec beside schedule, as JSON. Defaults: selectors, all claims; repository, that of the Secret.</param>
    protected async Task CreateScheduleAsync(string name, string schedule, string spec = "")
    {
        var text = $$"""{"schedule": "{{schedule}}"{{(spec.Length == 0 ? "" : ", " + spec)}} }""";
        var members = JsonNode.Parse(text)!.AsObject();
        members.TryAdd("selectors", new JsonArray(new JsonObject()));
        members.TryAdd("repository", new JsonObject { ["secretRef"] = new JsonObject { ["name"] = SecretName } });
        var body = new JsonObject
        {
            ["apiVersion"] = ApiGroup.ApiVersion,
            ["kind"] = ApiGroup.BackupScheduleKind,
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Namespace },
            ["spec"] = members,
        };
        await Kubernetes.CustomObjects.CreateNamespacedCustomObjectAsync(body, ApiGroup.Name, ApiGroup.Version, Namespace, ApiGroup.BackupSchedulePlural);
    }

    protected async Task<BackupSchedule> ReadScheduleAsync(string name) =>
        ((JsonElement)await Kubernetes.CustomObjects.GetNamespacedCustomObjectAsync(ApiGroup.Name, ApiGroup.Version, Namespace, ApiGroup.BackupSchedulePlural, name))
        .Deserialize(CrdJsonContext.Default.BackupSchedule)!;

    protected async Task PatchScheduleAsync(string name, string patch) =>
        await Kubernetes.CustomObjects.PatchNamespacedCustomObjectAsync(
            new V1Patch(patch, V1Patch.PatchType.MergePatch), ApiGroup.Name, ApiGroup.Version, Namespace, ApiGroup.BackupSchedulePlural, name);

    protected async Task PatchScheduleStatusAsync(string name, string patch) =>
        await Kubernetes.CustomObjects.PatchNamespacedCustomObjectStatusAsync(
            new V1Patch(patch, V1Patch.PatchType.MergePatch), ApiGroup.Name, ApiGroup.Version, Namespace, ApiGroup.BackupSchedulePlural, name);

    /// <returns>The value that was written.</returns>
    protected Task<string> RunNowAsync(string name) => AnnotateWithNowAsync(name, WellKnown.RunNowAnnotation);

    /// <summary>As a person asks for something now: told apart by the second, so that what was asked for before is a second ago.</summary>
    protected async Task<string> AskAnewAsync(string name, string annotation)
    {
        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System);
        return await AnnotateWithNowAsync(name, annotation);
    }

    /// <summary>One run more, to its end, in which nothing fails.</summary>
    protected async Task RunToItsEndAsync(string name)
    {
        var asked = await AskAnewAsync(name, WellKnown.RunNowAnnotation);
        var status = await WaitForScheduleAsync(name, found => found.LastRunNow == asked && HasEnded(found), "the run has not ended");
        Assert.That(status.LastRun!.Failed, Is.Zero, JsonSerializer.Serialize((await JobsOfAsync(name)).Select(job => job.Status?.Message)));
    }

    private async Task<string> AnnotateWithNowAsync(string name, string annotation)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        await PatchScheduleAsync(name, $$"""{"metadata": {"annotations": {"{{annotation}}": "{{now}}"} } }""");
        return now;
    }

    protected Task DeleteScheduleAsync(string name) =>
        Kubernetes.CustomObjects.DeleteNamespacedCustomObjectAsync(ApiGroup.Name, ApiGroup.Version, Namespace, ApiGroup.BackupSchedulePlural, name);

    protected async Task<BackupScheduleStatus> WaitForScheduleAsync(string name, Func<BackupScheduleStatus, bool> condition, string what, TimeSpan? deadline = null)
    {
        BackupSchedule? schedule = null;
        await Eventually(
            async () => (schedule = await ReadScheduleAsync(name)).Status is { } status && condition(status),
            deadline ?? BackupDeadline, () => $"BackupSchedule {name}: {what}; its status is {JsonSerializer.Serialize(schedule?.Status, CrdJsonContext.Default.BackupScheduleStatus)}");
        return schedule!.Status!;
    }

    /// <summary>In the order of their names: by tick, for one source.</summary>
    protected async Task<IReadOnlyList<BackupJob>> JobsOfAsync(string schedule)
    {
        var list = (JsonElement)await Kubernetes.CustomObjects.ListNamespacedCustomObjectAsync(
            ApiGroup.Name, ApiGroup.Version, Namespace, ApiGroup.BackupJobPlural, labelSelector: $"{WellKnown.ScheduleLabel}={schedule}");
        return [.. list.GetProperty("items").EnumerateArray().Select(item => item.Deserialize(CrdJsonContext.Default.BackupJob)!).OrderBy(job => job.Metadata.Name, StringComparer.Ordinal)];
    }

    protected static bool HasEnded(BackupScheduleStatus status) => status.LastRun is { FinishedAt: not null };

    protected static global::Walle.Crds.Conditions.Condition? Condition(BackupScheduleStatus status, string type) => status.Conditions?.Find(condition => condition.Type == type);

    protected async Task<IReadOnlyList<Corev1Event>> EventsOfAsync(string name) =>
        [.. (await Kubernetes.CoreV1.ListNamespacedEventAsync(Namespace, fieldSelector: $"involvedObject.name={name}")).Items];
}
