using System.Text.Json;
using System.Text.Json.Serialization;
using Walle.Crds.Contracts;

namespace Walle.Worker.Result;

/// <summary>
/// The worker's own: <see cref="Crds.Json.CrdJsonContext"/> would bring every type of the API, and the attributes of their schema, into the program.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(WorkerResult))]
[JsonSerializable(typeof(Exec.ExecReport))]
internal sealed partial class ResultJsonContext : JsonSerializerContext;
