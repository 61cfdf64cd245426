using System.Text.Json;
using NUnit.Framework;
using Walle.Tests.Worker.Retention;

namespace Walle.Tests.Worker.Restic;

/// <summary>
/// Locks of dead and of living workers, each in a UTS and PID namespace of its own, as Pods are. What went wrong with one host name for all
/// (research/reliability.md 2.1: unlock removed a live lock, prune deleted packs under a running backup, and the backup succeeded) cannot go wrong here.
/// </summary>
[NonParallelizable]
public class UnlockTests : ResticFixture
{
    private const string Dead = "walle-00000000000000000001-aaaaa";
    private const string Alive = "walle-00000000000000000002-bbbbb";
    private const string Prune = "walle-00000000000000000003-ccccc";

    [SetUp]
    public void Root() => NeedsRoot();

    [Test]
    public async Task A_live_backups_lock_is_left_alone_and_its_packs_with_it()
    {
        Shell.Run("head -c 90000000 /dev/urandom > big", Sandbox.Volume);
        Sandbox.WithRepository();
        var backup = Stalled(Alive);
        try
        {
            var prune = await AsAsync(Prune, () => PruneAsync());
            Assert.That((prune.ExitCode, prune.Result.Reason), Is.EqualTo((11, "RepositoryLocked")), prune.ToString());
            Assert.That(prune.Result.Locks?.ConvertAll(held => held.Host), Is.EqualTo((string[])[Alive]));
            var unlock = await AsAsync(Dead, UnlockAsync);
            Assert.That(unlock.ExitCode, Is.Zero, unlock.ToString());
            Assert.That(Locks(), Is.EqualTo((string[])[Alive]), "nothing of the dead was there, and nothing of the living was touched");
        }
        finally
        {
            Shell.Run("for p in $(cat pids); do kill -CONT $p || true; done", Sandbox.Root);
        }

        var run = await backup;
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(Sandbox.Restic("check --read-data"), Does.Contain("no errors were found"));
    }

    [Test]
    public async Task A_killed_workers_lock_goes_and_the_next_prune_needs_nobody()
    {
        Shell.Run("head -c 90000000 /dev/urandom > big", Sandbox.Volume);
        Sandbox.WithRepository();
        Sandbox.Prefix.AddRange(As(Dead));
        using (var pack = new FileAppears($"{Sandbox.Repository}/data"))
            await Sandbox.KillAsync(pack.Appeared, BackupLine);
        Sandbox.Prefix.Clear();
        Assert.That(Locks(), Is.EqualTo((string[])[Dead]));
        Assert.That((await AsAsync(Prune, () => PruneAsync())).Result.Locks?.ConvertAll(held => held.Host), Is.EqualTo((string[])[Dead]));

        Assert.That((await AsAsync(Dead, UnlockAsync)).ExitCode, Is.Zero);

        Assert.That(Locks(), Is.Empty);
        Assert.That((await AsAsync(Prune, () => PruneAsync())).ExitCode, Is.Zero);
    }

    [Test]
    public async Task An_old_lock_of_somebody_else_would_go_too_and_so_nothing_does()
    {
        using var repository = new GeneratedRepository(Sandbox.WithRepository());
        var now = TimeProvider.System.GetUtcNow();
        repository.Add(Lock(Dead, now), "locks");
        repository.Add(Lock("laptop", now.AddHours(-1)), "locks");
        var run = await AsAsync(Dead, UnlockAsync);
        Assert.That((run.ExitCode, run.Result.Reason), Is.EqualTo((11, "RepositoryLocked")), run.ToString());
        Assert.That(run.Result.Message, Does.Contain("the lock of laptop since"));
        Assert.That(Locks(), Is.EquivalentTo((string[])[Dead, "laptop"]));
    }

    [Test]
    public async Task A_fresh_lock_of_somebody_else_stays_while_the_dead_workers_goes()
    {
        using var repository = new GeneratedRepository(Sandbox.WithRepository());
        var now = TimeProvider.System.GetUtcNow();
        repository.Add(Lock(Dead, now), "locks");
        repository.Add(Lock("laptop", now), "locks");
        var run = await AsAsync(Dead, UnlockAsync);
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(Locks(), Is.EqualTo((string[])["laptop"]));
    }

    [Test]
    public async Task A_lock_whose_process_has_the_number_of_one_of_our_threads_goes_all_the_same()
    {
        using var repository = new GeneratedRepository(Sandbox.WithRepository());
        // The program is number 1 here, and its threads have the next ones.
        foreach (var pid in (int[])[4, 7, 11])
            repository.Add(Lock(Dead, TimeProvider.System.GetUtcNow(), pid), "locks");
        var run = await AsAsync(Dead, UnlockAsync);
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(Locks(), Is.Empty);
    }

    private static string Lock(string host, DateTimeOffset time, int pid = 4242) => JsonSerializer.Serialize(new { time, exclusive = false, hostname = host, username = "root", pid });

    private static string[] As(string host) => ["unshare", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", $"hostname {host}; exec \"$@\"", "worker"];

    private string[] BackupLine => ["backup", "--host", "test-cluster", "--path", Sandbox.Volume, "--time", "2026-11-20T03:00:07Z"];

    private Task<WorkerRun> PruneAsync() => Sandbox.RunAsync(null, "prune", "--host", "test-cluster", "--namespace", "n", "--schedule", "s");

    private Task<WorkerRun> UnlockAsync() => Sandbox.RunAsync(null, "unlock");

    private async Task<WorkerRun> AsAsync(string host, Func<Task<WorkerRun>> run)
    {
        Sandbox.Prefix.AddRange(As(host));
        try
        {
            return await run();
        }
        finally
        {
            Sandbox.Prefix.Clear();
        }
    }

    /// <summary>A backup that has saved a first pack and is then held still.</summary>
    private Task<WorkerRun> Stalled(string host)
    {
        using var pack = new FileAppears($"{Sandbox.Repository}/data");
        Sandbox.Prefix.AddRange(As(host));
        var run = Task.Run(() => Sandbox.BackUpAsync(worker =>
        {
            pack.Appeared.GetAwaiter().GetResult();
            Shell.Run($$"""all() { for c in $(cat /proc/$1/task/*/children 2>/dev/null); do echo $c; all $c; done; }; all {{worker.Id}} > pids; for p in $(tac pids); do kill -STOP $p; done; : > stalled""", Sandbox.Root);
        }));
        Shell.Run("until [ -e stalled ]; do sleep 0.02; done", Sandbox.Root);
        Sandbox.Prefix.Clear();
        return run;
    }

    private string[] Locks() =>
    [
        .. Sandbox.Restic("list locks --no-lock").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => JsonDocument.Parse(Sandbox.Restic($"cat lock {id} --no-lock")).RootElement.GetProperty("hostname").GetString()!),
    ];
}
