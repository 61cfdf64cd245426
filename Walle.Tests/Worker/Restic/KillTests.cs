using System.Globalization;
using NUnit.Framework;

namespace Walle.Tests.Worker.Restic;

/// <summary>
/// SIGKILL at 25 random instants of backup, forget and prune: the next worker needs nobody, the repository is whole, and what was saved comes back.
/// </summary>
[NonParallelizable]
public class KillTests : ResticFixture
{
    private const int Kills = 25;
    private const int Seed = 4711;

    [Test]
    [CancelAfter(900_000)]
    public async Task A_worker_killed_at_any_instant_leaves_nothing_that_a_person_must_mend()
    {
        NeedsRoot();
        Sandbox.WithRepository();
        var random = new Random(Seed);
        var (killed, locks) = (0, 0);
        TimeSpan[] took = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)];
        for (var i = 0; i < Kills; i++)
        {
            Shell.Run("head -c 12000000 /dev/urandom > churn; for i in $(seq 50); do date +%N > f$i; done", Sandbox.Volume);
            var dead = string.Create(CultureInfo.InvariantCulture, $"walle-{i:00000000000000000000}-dead0");
            Sandbox.Prefix.AddRange(As(dead));
            // Within the time that the last one of its kind took on this machine; the program itself needs some of it to start.
            var ended = await Sandbox.KillAsync(took[i % 2] * (0.2 + (random.NextDouble() * 0.75)), i % 2 == 0 ? Backup(i) : Prune);
            killed += ended ? 0 : 1;
            locks += Directory.GetFiles($"{Sandbox.Repository}/locks").Length;

            // What the controller does when a worker has ended without a result: a Pod with the dead one's host name.
            var unlock = await Sandbox.RunAsync(null, "unlock");
            Assert.That(unlock.ExitCode, Is.Zero, unlock.ToString());
            Sandbox.Prefix.Clear();
            Sandbox.Prefix.AddRange(As(string.Create(CultureInfo.InvariantCulture, $"walle-{i:00000000000000000000}-next0")));
            var began = TimeProvider.System.GetTimestamp();
            var next = i % 2 == 0 ? await Sandbox.RunAsync(null, Backup(i)) : await Sandbox.RunAsync(null, Prune);
            took[i % 2] = TimeProvider.System.GetElapsedTime(began);
            Assert.That(next.ExitCode, Is.Zero, $"after kill {i}: {next}");
            if (i % 2 == 0)
                await VerifyAsync(next);
            Sandbox.Prefix.Clear();
        }

        await TestContext.Out.WriteLineAsync($"{killed} of {Kills} were killed before they ended; {locks} locks were left behind");
        Assert.That(killed, Is.GreaterThan(Kills / 2));
        Assert.That(Sandbox.Restic("check --read-data"), Does.Contain("no errors were found"));
        Assert.That(Directory.GetFiles($"{Sandbox.Repository}/locks"), Is.Empty);
    }

    private Task VerifyAsync(WorkerRun backup)
    {
        var target = $"{Sandbox.Root}/restored";
        Sandbox.Restic($"restore {backup.Result.SnapshotId} --target '{target}' -q");
        Assert.That(WorkerSandbox.Manifest(target), Is.EqualTo(WorkerSandbox.Manifest(Sandbox.Volume)));
        Directory.Delete(target, recursive: true);
        return Task.CompletedTask;
    }

    private static string[] As(string host) => ["unshare", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", $"hostname {host}; exec \"$@\"", "worker"];

    private string[] Backup(int i) =>
    [
        "backup", "--host", "test-cluster", "--path", Sandbox.Volume, "--time", string.Create(CultureInfo.InvariantCulture, $"2026-11-20T03:{i:00}:00Z"), "--tag", "walle", "--tag", "schedule=nightly",
        "--tag", string.Create(CultureInfo.InvariantCulture, $"uid={i}"), "--retry-lock", "1s",
    ];

    private string[] Prune =>
    [
        "prune", "--host", "test-cluster", "--namespace", Path.GetFileName(Sandbox.Root), "--volume-root", Path.GetDirectoryName(Sandbox.Root)!, "--schedule", "nightly", "--keep-last", "1",
        "--max-unused", "0", "--retry-lock", "1s",
    ];
}
