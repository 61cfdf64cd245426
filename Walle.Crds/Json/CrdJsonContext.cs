using System.Text.Json;
using System.Text.Json.Serialization;
using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Crds.Json;

/// <summary>Source-generated JSON of Walle's types: no reflection, so that the worker can be compiled ahead of time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    Converters = [typeof(KubernetesTimeConverter)])]
[JsonSerializable(typeof(BackupSchedule))]
[JsonSerializable(typeof(BackupJob))]
[JsonSerializable(typeof(RestoreJob))]
[JsonSerializable(typeof(WorkerResult))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
public sealed partial class CrdJsonContext : JsonSerializerContext;
