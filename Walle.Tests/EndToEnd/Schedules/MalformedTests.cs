using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.V1;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd.Schedules;

/// <summary>Objects that an old schema let through stand beside good ones: one bad object never stops another.</summary>
[NonParallelizable]
public sealed class MalformedTests : ScheduleEndToEndTest
{
    private static readonly (string Plural, string Kind)[] Kinds =
    [
        (ApiGroup.BackupSchedulePlural, ApiGroup.BackupScheduleKind), (ApiGroup.BackupJobPlural, ApiGroup.BackupJobKind), (ApiGroup.RestoreJobPlural, ApiGroup.RestoreJobKind),
    ];

    private static readonly string[] Specs =
    [
        "\"text\"", "{}", "{\"schedule\": 7, \"selectors\": \"all\", \"source\": [], \"repository\": {\"secretRef\": \"x\"}, \"target\": 1}",
        "{\"schedule\": \"not cron\", \"timeZone\": \"Mars/Olympus\", \"selectors\": [{\"kind\": \"Job\"}], \"repository\": {\"secretRef\": {\"name\": \"x\"}}, \"source\": {\"kind\": \"?\", \"name\": \"\"}}",
    ];

    [Test]
    public async Task MalformedObjectsOfEveryKind_DoNotKeepGoodOnesFromRunning()
    {
        await CreateSecretAsync();
        await CreateClaimAsync("data", StorageNames.FileImmediate);
        await CreateScheduleAsync("good", Yearly);
        Dictionary<string, string> schemas = [];
        try
        {
            foreach (var (plural, _) in Kinds)
                schemas[plural] = await LoosenAsync(plural);
            foreach (var (plural, kind) in Kinds)
                await CreateMalformedAsync(plural, kind);
        }
        finally
        {
            foreach (var (plural, schema) in schemas)
                await PatchSchemaAsync(plural, schema);
        }

        // Also when they are what it finds first.
        await Walle.Controller.KillAsync();
        Walle.Controller.Start();
        var asked = TimeProvider.System.GetUtcNow();
        await RunNowAsync("good");
        await CreateBackupAsync("by-hand", "data");

        var status = await WaitForScheduleAsync("good", HasEnded, "the good one has not run");
        Assert.That(status.LastRun!.Succeeded, Is.EqualTo(1));
        Assert.That(status.LastRun.CreatingSince, Is.LessThan(asked.AddSeconds(30)), "on time");
        Assert.That((await EndOfAsync("by-hand")).Phase, Is.EqualTo(BackupPhase.Succeeded));
        Assert.That(Walle.Controller.Runs, Is.True);
    }

    private async Task CreateMalformedAsync(string plural, string kind)
    {
        for (var index = 0; index < Specs.Length; index++)
        {
            var body = new JsonObject
            {
                ["apiVersion"] = ApiGroup.ApiVersion,
                ["kind"] = kind,
                ["metadata"] = new JsonObject { ["name"] = $"bad-{index}", ["namespace"] = Namespace },
                ["spec"] = JsonNode.Parse(Specs[index]),
                ["status"] = JsonNode.Parse("{\"conditions\": \"none\", \"phase\": {}}"),
            };
            // The API server takes a little until it goes by the new schema.
            await Eventually(() => TryCreateAsync(plural, body), Soon, () => $"{kind} with spec {Specs[index]} was refused");
        }
    }

    private async Task<bool> TryCreateAsync(string plural, JsonObject body)
    {
        try
        {
            await Kubernetes.CustomObjects.CreateNamespacedCustomObjectAsync(body, ApiGroup.Name, ApiGroup.Version, Namespace, plural);
            return true;
        }
        catch (k8s.Autorest.HttpOperationException refused) when (refused.Response.StatusCode == System.Net.HttpStatusCode.UnprocessableEntity)
        {
            return false;
        }
    }

    /// <returns>The schema that it had.</returns>
    private async Task<string> LoosenAsync(string plural)
    {
        var definition = await Kubernetes.ApiextensionsV1.ReadCustomResourceDefinitionAsync($"{plural}.{ApiGroup.Name}");
        var schema = KubernetesJson.Serialize(definition.Spec.Versions[0].Schema.OpenAPIV3Schema);
        await PatchSchemaAsync(plural, """{"type": "object", "x-kubernetes-preserve-unknown-fields": true}""");
        return schema;
    }

    private async Task PatchSchemaAsync(string plural, string schema) => await Kubernetes.ApiextensionsV1.PatchCustomResourceDefinitionAsync(
        new V1Patch($$"""[{"op": "replace", "path": "/spec/versions/0/schema/openAPIV3Schema", "value": {{schema}} }]""", V1Patch.PatchType.JsonPatch), $"{plural}.{ApiGroup.Name}");
}
