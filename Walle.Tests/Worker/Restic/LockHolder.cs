using System.Diagnostics;

namespace Walle.Tests.Worker.Restic;

/// <summary>A restic check that has taken the exclusive lock and is then held still.</summary>
internal sealed class LockHolder : IDisposable
{
    private readonly Process _check;

    public LockHolder(WorkerSandbox sandbox)
    {
        var locks = $"{sandbox.Repository}/locks";
        do
        {
            using var watcher = new FileAppears(locks);
            _check?.Dispose();
            _check = Process.Start(new ProcessStartInfo("/usr/bin/restic")
            {
                ArgumentList = { "check", "--no-cache" }, RedirectStandardOutput = true, RedirectStandardError = true,
                Environment = { ["RESTIC_REPOSITORY"] = sandbox.Repository, ["RESTIC_PASSWORD"] = WorkerSandbox.Password },
            })!;
            watcher.Appeared.GetAwaiter().GetResult();
            Shell.Run($"kill -STOP {_check.Id} || true");
        }
        while (Directory.GetFiles(locks).Length == 0);
    }

    public void Dispose()
    {
        _check.Kill();
        _check.Dispose();
    }
}
