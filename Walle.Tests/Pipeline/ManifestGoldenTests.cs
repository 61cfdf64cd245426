using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Manifests;
using Walle.Tests.Builders;
using YamlDotNet.Serialization;

namespace Walle.Tests.Pipeline;

/// <summary>
/// The objects that Walle makes, whole, as YAML under Golden/. After a wanted change: <c>UPDATE_GOLDEN=1 dotnet test --filter ManifestGoldenTests</c>, and
/// read the difference before it is committed.
/// </summary>
internal sealed class ManifestGoldenTests
{
    private static readonly ISerializer Yaml = new SerializerBuilder().WithQuotingNecessaryStrings().Build();

    private static IEnumerable<TestCaseData> Manifests()
    {
        yield return new TestCaseData("volume-snapshot", Expect.Acts<PipelineAction.CreateSnapshot>(Stage.Snapshotting()).Manifest).SetName("VolumeSnapshot");
        yield return new TestCaseData("volume-group-snapshot", Expect.Acts<PipelineAction.CreateGroupSnapshot>(GroupSnapshots.GroupSnapshotStage.Snapshotting("data", "log")).Manifest).SetName("VolumeGroupSnapshot");
        yield return new TestCaseData("clone", Expect.Acts<PipelineAction.CreateClone>(Stage.Cloning()).Manifest).SetName("Clone");
        yield return new TestCaseData("backup-baseline", Expect.Acts<PipelineAction.CreateJob>(Stage.Starting()).Manifest).SetName("Backup_Job_Baseline");
        yield return new TestCaseData("backup-restricted", Expect.Acts<PipelineAction.CreateJob>(Restricted()).Manifest).SetName("Backup_Job_Restricted");
        yield return new TestCaseData("init", WorkerJobManifest.Init(Stage.Uploading())).SetName("Init_Job");
    }

    [TestCaseSource(nameof(Manifests))]
    public void Is_as_recorded(string name, object manifest)
    {
        var yaml = ToYaml(manifest);
        var path = Path.Combine(Folder(), $"{name}.yaml");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, yaml);
        }

        Assert.That(yaml, Is.EqualTo(File.ReadAllText(path)), $"differs from {path}; UPDATE_GOLDEN=1 writes it anew");
    }

    /// <summary>With every option of the worker's Pod.</summary>
    private static BackupObservation Restricted() => Stage.Starting() with
    {
        Job = A.BackupJob().WithWorker(OptionsTests.EveryWorkerOption()).WithStatus(Stage.Starting().Job.Status),
        NamespaceIsRestricted = true,
        WorkloadIdentity = new WorkloadIdentity(999, 999, [2000]),
    };

    private static string ToYaml(object manifest)
    {
        var json = manifest is JsonObject node ? node.ToJsonString() : KubernetesJson.Serialize(manifest);
        return Yaml.Serialize(Plain(JsonElement.Parse(json)));
    }

    private static object? Plain(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().ToDictionary(property => property.Name, property => Plain(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().Select(Plain).ToList(),
        JsonValueKind.Number => element.GetInt64(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null => null,
        _ => element.GetString(),
    };

    private static string Folder([System.Runtime.CompilerServices.CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "..", "Golden", "Manifests"));
}
