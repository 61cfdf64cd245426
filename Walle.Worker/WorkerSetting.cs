using Walle.Worker.Arguments;
using Walle.Worker.Restic;
using Walle.Worker.Result;

namespace Walle.Worker;

/// <summary>What a verb works with, once arguments and environment have been checked.</summary>
internal sealed record WorkerSetting(
    WorkerArguments Arguments, IReadOnlyDictionary<string, string> Environment, ResticProcess Restic, WorkerLog Log, TimeProvider Time);
