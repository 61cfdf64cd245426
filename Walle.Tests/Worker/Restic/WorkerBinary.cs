using Walle.Worker.Restic;

namespace Walle.Tests.Worker.Restic;

/// <summary>The built worker, and the published one where there is one (WALLE_WORKER_BINARY).</summary>
internal static class WorkerBinary
{
    public static IReadOnlyList<string> Command { get; } =
        System.Environment.GetEnvironmentVariable("WALLE_WORKER_BINARY") is { Length: > 0 } published
            ? [published]
            : [System.Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : "/usr/bin/dotnet", "exec", typeof(ResticVersion).Assembly.Location];
}
