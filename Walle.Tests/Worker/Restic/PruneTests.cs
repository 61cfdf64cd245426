using System.Text.Json;
using NUnit.Framework;

namespace Walle.Tests.Worker.Restic;

public class PruneTests : ResticFixture
{
    private static readonly string[] Least = ["prune", "--host", "test-cluster", "--schedule", "nightly", "--retry-lock", "1s"];

    [Test]
    public async Task What_retention_does_not_keep_is_forgotten_and_its_data_removed()
    {
        var ids = await BackUpAsync(3);
        var run = await PruneAsync("--keep-last", "1", "--max-unused", "0%", "--max-repack-size", "1G");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((run.ExitCode, run.Result.Forgotten, run.Result.Kept, run.Result.Missing), Is.EqualTo((0, (int?)2, (int?)1, (List<string>?)null)), run.ToString());
            Assert.That(run.Result.BytesRemoved, Is.InRange(600_000, 700_000));
            Assert.That(run.Result.RepositoryId, Is.EqualTo(RepositoryId()));
            Assert.That(Ids(), Is.EqualTo((string[])[ids[2]]));
            Assert.That(Sandbox.Restic("check --read-data"), Does.Contain("no errors were found"));
        }
    }

    [Test]
    public async Task Backups_by_hand_and_of_other_people_stay()
    {
        var ids = await BackUpAsync(2);
        await Sandbox.BackUpAsync("--tag", "walle");
        Sandbox.Restic($"backup --host laptop --tag walle,schedule=nightly -q '{Sandbox.Volume}'");
        Assert.That((await PruneAsync("--keep-last", "1")).Result.Forgotten, Is.EqualTo(1));
        Assert.That(Ids(), Has.Length.EqualTo(3).And.Not.Contains(ids[0]));
    }

    [Test]
    public async Task A_volume_that_would_keep_too_few_blocks_the_prune_until_it_is_released()
    {
        await BackUpAsync(3);
        var blocked = await PruneAsync("--keep-last", "1", "--min-keep", "2");
        Assert.That((blocked.ExitCode, blocked.Result.Reason, blocked.Result.Message), Is.EqualTo(
            (1, "PruneBlocked", $"nothing was forgotten: {Sandbox.Volume} would keep 1 of 3 complete backups, and minKeep is 2")));
        Assert.That(Ids(), Has.Length.EqualTo(3));
        var released = await PruneAsync("--keep-last", "1", "--min-keep", "2", "--released");
        Assert.That((released.ExitCode, Ids().Length), Is.EqualTo((0, 1)), released.ToString());
    }

    [Test]
    public async Task A_partial_newest_backup_is_no_reason_to_forget_the_last_complete_one()
    {
        NeedsRoot();
        var ids = await BackUpAsync(2);
        Shell.Run("chmod 0000 file; touch other; chmod 0644 other", Sandbox.Volume);
        Sandbox.Prefix.AddRange(["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all"]);
        Shell.Run($"chown -R 1000:1000 '{Sandbox.Root}'; chown 0:0 '{Sandbox.Volume}/file'");
        var partial = await Sandbox.BackUpAsync("--time", "2026-11-29T00:00:00Z", "--tag", "walle", "--tag", "schedule=nightly", "--tag", "uid=p");
        Sandbox.Prefix.Clear();
        Assert.That((partial.ExitCode, partial.Result.SnapshotId), Is.EqualTo((3, partial.Result.SnapshotId)).And.Not.EqualTo((3, (string?)null)), partial.ToString());

        var run = await PruneAsync("--keep-last", "1");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(Ids(), Is.EquivalentTo((string[])[ids[1], partial.Result.SnapshotId!, Mark()]));
    }

    [Test]
    public async Task A_backup_of_a_status_that_is_not_in_the_repository_is_told()
    {
        var ids = await BackUpAsync(1);
        var lost = new string('e', 64);
        var run = await PruneAsync("--keep-last", "1", "--expect", ids[0], "--expect", lost);
        Assert.That((run.ExitCode, run.Result.Missing), Is.EqualTo((0, (List<string>)[lost])), run.ToString());
    }

    [Test]
    public async Task Without_rules_only_data_that_nothing_needs_is_removed()
    {
        var ids = await BackUpAsync(2);
        Sandbox.Restic($"forget {ids[0]}");
        var run = await PruneAsync("--max-unused", "0");
        Assert.That((run.ExitCode, run.Result.Forgotten, Ids()), Is.EqualTo((0, (int?)0, (string[])[ids[1]])), run.ToString());
        Assert.That(run.Result.BytesRemoved, Is.GreaterThan(300_000));
    }

    [Test]
    public async Task Max_unused_and_max_repack_size_reach_restic()
    {
        var ids = await BackUpAsync(2);
        Sandbox.Restic($"forget {ids[0]}");
        Assert.That((await PruneAsync("--max-unused", "unlimited", "--max-repack-size", "0")).Result.BytesRemoved, Is.InRange(0, 700_000));
        var wrong = await PruneAsync("--max-repack-size", "0K");
        Assert.That(wrong.ExitCode, Is.Zero, wrong.ToString());
    }

    [Test]
    public async Task A_lock_of_somebody_else_is_named_and_left_alone()
    {
        await BackUpAsync(2);
        using var holder = new LockHolder(Sandbox);
        var run = await PruneAsync("--keep-last", "1");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((run.ExitCode, run.Result.Reason), Is.EqualTo((11, "RepositoryLocked")), run.ToString());
            Assert.That(run.Result.Locks, Has.Count.EqualTo(1));
            Assert.That(run.Result.Locks?[0].Host, Is.EqualTo(System.Environment.MachineName));
            Assert.That(Directory.GetFiles($"{Sandbox.Repository}/locks"), Has.Length.EqualTo(1));
        }
    }

    private Task<WorkerRun> PruneAsync(params string[] more) => Sandbox.RunAsync(null, [.. Least, "--volume-root", Path.GetDirectoryName(Sandbox.Root)!, "--namespace", Path.GetFileName(Sandbox.Root), .. more]);

    /// <summary>One a day, each with 300 kB that the others have not.</summary>
    private async Task<string[]> BackUpAsync(int count)
    {
        Sandbox.WithRepository();
        List<string> ids = [];
        for (var day = 1; day <= count; day++)
        {
            Shell.Run("head -c 300000 /dev/urandom > file", Sandbox.Volume);
            var run = await Sandbox.BackUpAsync("--time", $"2026-11-2{day}T03:00:00Z", "--tag", "walle", "--tag", "schedule=nightly", "--tag", $"uid={day}");
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            ids.Add(run.Result.SnapshotId!);
        }
        return [.. ids];
    }

    private string[] Ids() => [.. JsonDocument.Parse(Sandbox.Restic("snapshots --json")).RootElement.EnumerateArray().Select(snapshot => snapshot.GetProperty("id").GetString()!)];

    private string Mark() => JsonDocument.Parse(Sandbox.Restic("snapshots --json --tag walle-partial")).RootElement[0].GetProperty("id").GetString()!;

    private string RepositoryId() => JsonDocument.Parse(Sandbox.Restic("cat config")).RootElement.GetProperty("id").GetString()!;
}
