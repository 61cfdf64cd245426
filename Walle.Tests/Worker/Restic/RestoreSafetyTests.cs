using System.Diagnostics;
using NUnit.Framework;
using Walle.Crds.Conditions;

namespace Walle.Tests.Worker.Restic;

/// <summary>What a restore refuses, and that it leaves everything alone then; what it survives; and that nothing gets out of the target.</summary>
public class RestoreSafetyTests : ResticFixture
{
    private const int Instants = 10;

    [Test]
    public async Task A_target_that_is_not_empty_is_refused_untouched()
    {
        await SavedAsync("echo 1 > file");
        Shell.Run("echo mine > precious; chmod 0600 precious", Sandbox.Target());
        await RefusedAsync(Reason.TargetNotEmpty, "precious");
    }

    [Test]
    public async Task Files_in_lost_and_found_are_files()
    {
        await SavedAsync("echo 1 > file");
        Shell.Run("mkdir lost+found; echo found > 'lost+found/#12'", Sandbox.Target());
        await RefusedAsync(Reason.TargetNotEmpty, "lost+found");
    }

    [Test]
    public async Task A_target_that_is_too_small_is_refused_untouched()
    {
        NeedsRoot();
        await SavedAsync("head -c 3000000 /dev/urandom > big");
        Shell.Run($"mount -t tmpfs -o size=1m tmpfs '{Sandbox.Target()}'");
        try
        {
            await RefusedAsync(Reason.TargetTooSmall, "needs 2.9 MiB");
        }
        finally
        {
            Shell.Run($"umount '{Sandbox.Target()}'");
        }
    }

    [Test]
    public async Task A_target_without_room_for_so_many_files_is_refused_untouched()
    {
        NeedsRoot();
        await SavedAsync("for n in $(seq 50); do : > $n; done");
        Shell.Run($"mount -t tmpfs -o size=10m,nr_inodes=20 tmpfs '{Sandbox.Target()}'");
        try
        {
            await RefusedAsync(Reason.TargetTooSmall, "inodes");
        }
        finally
        {
            Shell.Run($"umount '{Sandbox.Target()}'");
        }
    }

    [Test]
    public async Task A_target_that_gets_full_in_the_middle_is_told_as_such_and_stays_marked()
    {
        NeedsRoot();
        await SavedAsync("head -c 3000000 /dev/urandom > big");
        Shell.Run($"mount -t tmpfs -o size=1m tmpfs '{Sandbox.Target()}'");
        try
        {
            var run = await Sandbox.RestoreAsync("--exclude", "nothing");
            Assert.That(run.Result.Reason, Is.EqualTo(nameof(Reason.TargetTooSmall)), run.ToString());
            Assert.That(File.Exists($"{Sandbox.Target()}/.walle-restoring"), "half restored");
        }
        finally
        {
            Shell.Run($"umount '{Sandbox.Target()}'");
        }
    }

    [Test]
    public async Task Another_namespaces_backup_is_refused_without_leave()
    {
        await SavedAsync("echo 1 > file", "blog/data");
        await RefusedAsync(Reason.ForeignBackup, "WALLE_RESTORE_NAMESPACES", "--source-path", $"{Sandbox.VolumeRoot()}/blog/data");
        Sandbox.Variables["WALLE_RESTORE_NAMESPACES"] = "blog";
        var run = await Sandbox.RestoreAsync("--source-path", $"{Sandbox.VolumeRoot()}/blog/data");
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
    }

    [Test]
    public async Task A_wrong_password_is_refused_untouched()
    {
        await SavedAsync("echo 1 > file");
        Sandbox.Variables["RESTIC_PASSWORD"] = "wrong";
        await RefusedAsync(Reason.WrongPassword, "RESTIC_PASSWORD");
    }

    [Test]
    public async Task A_vanished_repository_is_never_made_anew()
    {
        await SavedAsync("echo 1 > file");
        Directory.Delete(Sandbox.Repository, recursive: true);
        await RefusedAsync(Reason.RepositoryNotFound, "");
        Assert.That(Directory.Exists(Sandbox.Repository), Is.False);
    }

    [Test]
    public async Task No_backup_is_a_failure()
    {
        await SavedAsync("echo 1 > file");
        await RefusedAsync(Reason.BackupNotFound, "as old as", "--as-of", "2020-01-01T00:00:00Z");
    }

    [Test]
    public async Task A_damaged_repository_is_told_as_such_and_nothing_is_complete()
    {
        await SavedAsync("head -c 2000000 /dev/urandom > big");
        Shell.Run($"largest=$(find '{Sandbox.Repository}/data' -type f -printf '%s %p\\n' | sort -n | tail -1 | cut -d' ' -f2); chmod u+w $largest; printf damage | dd of=$largest bs=1 seek=1000 conv=notrunc 2>/dev/null");
        var run = await Sandbox.RestoreAsync();
        Assert.That(run.ExitCode, Is.Not.Zero);
        Assert.That(run.Result.Reason, Is.EqualTo(nameof(Reason.RepositoryDamaged)), run.ToString());
        Assert.That(File.Exists($"{Sandbox.Target()}/.walle-restoring"));
    }

    [Test]
    public async Task Killed_at_any_instant_and_run_again_it_is_identical()
    {
        NeedsRoot();
        var claim = await SavedAsync("for n in $(seq 400); do head -c 20000 /dev/urandom > f$n; done; mkdir d; chown 5:6 d f1; ln f1 d/hard; chmod 2770 .; touch -d 2020-02-02 . d");
        var expected = RestoreSandbox.WholeManifest(claim);
        var whole = Stopwatch.StartNew();
        Assert.That((await Sandbox.RestoreAsync()).ExitCode, Is.Zero);
        whole.Stop();
        for (var instant = 0; instant < Instants; instant++)
        {
            Shell.Run("find . -mindepth 1 -delete", Sandbox.Target());
            var after = whole.Elapsed * (Random.Shared.NextDouble() * 1.05);
            await Sandbox.KillRestoreAsync(after);
            // A newer backup must not be mixed into what is half there.
            if (instant == 0)
                await Sandbox.BackUpClaimAsync("shop/data", "2026-11-21T00:00:00Z");
            var again = await Sandbox.RestoreAsync("--verify");
            Assert.That(again.ExitCode, Is.Zero, $"killed after {after}: {again}");
            Assert.That(RestoreSandbox.WholeManifest(Sandbox.Target()), Is.EqualTo(expected), $"killed after {after}");
        }
    }

    [Test]
    public async Task A_restore_that_was_finished_and_never_heard_of_is_recognised()
    {
        NeedsRoot();
        var claim = await SavedAsync("mkdir -p d/e; echo 1 > d/file; ln d/file hard; : > empty; ln -s d l; mkfifo fifo; truncate -s 1M sparse; chown 5:6 d; chmod 2770 .; touch -d 2020-02-02 .");
        Shell.Run("mkdir -m 700 lost+found", Sandbox.Target());
        Assert.That((await Sandbox.RestoreAsync()).ExitCode, Is.Zero);
        var again = await Sandbox.RestoreAsync("--verify");
        Assert.That(again.ExitCode, Is.Zero, again.ToString());
        Assert.That(again.Result.Verified, Is.True);
        Assert.That(RestoreSandbox.WholeManifest(Sandbox.Target()), Is.EqualTo(RestoreSandbox.WholeManifest(claim)));
        Shell.Run("rm -d lost+found", Sandbox.Target());

        // Anything else is somebody else's.
        foreach (var difference in (string[])["echo more > extra", "rm empty", "rm hard", "echo longer > d/file", "mkdir d/f", "rm l"])
        {
            Shell.Run("find . -mindepth 1 -delete", Sandbox.Target());
            Assert.That((await Sandbox.RestoreAsync()).ExitCode, Is.Zero);
            Shell.Run(difference, Sandbox.Target());
            await RefusedAsync(Reason.TargetNotEmpty, "overwrite is Never");
        }
    }

    [Test]
    public async Task What_was_begun_goes_on_with_the_same_snapshot()
    {
        var claim = await SavedAsync("echo old > file");
        var first = (await Sandbox.PlanAsync("shop/data")).Result.SnapshotId!;
        Shell.Run("echo new > file", claim);
        await Sandbox.BackUpClaimAsync("shop/data", "2026-11-21T00:00:00Z");
        Shell.Run($"printf '# x\\nrestorejob: shop/undo/1\\nsnapshot: {first}\\n' > .walle-restoring; echo partly > file", Sandbox.Target());
        var run = await Sandbox.RestoreAsync();
        Assert.That(run.Result.SnapshotId, Is.EqualTo(first), run.ToString());
        Assert.That(Shell.Run("cat file; ls -A", Sandbox.Target()), Is.EqualTo("old\nfile"));
    }

    [Test]
    public async Task A_mark_in_the_volume_gives_no_right()
    {
        await SavedAsync("echo mine > file");
        await SavedAsync("echo secret > file", "blog/data");
        var foreign = Sandbox.Restic($"snapshots --json --path '{Sandbox.VolumeRoot()}/blog/data'").Split("\"id\":\"")[1][..64];
        Shell.Run($"printf '# x\\nrestorejob: shop/undo/1\\nsnapshot: {foreign}\\n' > .walle-restoring", Sandbox.Target());
        Assert.That((await Sandbox.RestoreAsync()).ExitCode, Is.Zero);
        Assert.That(Shell.Run("cat file", Sandbox.Target()), Is.EqualTo("mine"));
    }

    [Test]
    public async Task Another_RestoreJobs_unfinished_work_is_not_taken_up()
    {
        await SavedAsync("echo 1 > file");
        Shell.Run("printf '# x\\nrestorejob: shop/other/2\\nsnapshot: 0\\n' > .walle-restoring", Sandbox.Target());
        await RefusedAsync(Reason.TargetNotEmpty, "shop/other/2");
        Assert.That((await Sandbox.RestoreAsync("--overwrite", "always")).ExitCode, Is.Zero);
        Assert.That(Shell.Run("ls -A", Sandbox.Target()), Is.EqualTo("file"));
    }

    [Test]
    public async Task A_half_restored_volume_is_not_backed_up()
    {
        await SavedAsync("echo 1 > file");
        Shell.Run(": > .walle-restoring", Sandbox.Claim());
        var run = await Sandbox.BackUpClaimAsync();
        Assert.That(run.Result.Reason, Is.EqualTo(nameof(Reason.RestoreUnfinished)), run.ToString());
        Assert.That(Sandbox.Snapshots(), Is.EqualTo(1));
    }

    [Test]
    public async Task Links_in_the_target_lead_nothing_out_of_it()
    {
        await SavedAsync("mkdir folder; echo restored > folder/file; echo restored > file; echo 1 > hard");
        var outside = $"{Sandbox.Root}/outside";
        Shell.Run($"mkdir '{outside}'; echo untouched > '{outside}/file'; ln -s '{outside}' folder; ln -s '{outside}/file' file; ln -s '{outside}/new' .walle-restoring; ln '{outside}/file' hard", Sandbox.Target());
        var run = await Sandbox.RestoreAsync("--overwrite", "always", "--delete-extra", "--verify");
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(Shell.Run("stat -c %F folder file; cat folder/file file; ls -A", Sandbox.Target()), Is.EqualTo("directory\nregular file\nrestored\nrestored\nfile\nfolder\nhard"));
        Assert.That(Shell.Run("cat file; ls -A", outside), Is.EqualTo("untouched\nfile"));
    }

    [Test]
    public async Task A_device_is_not_made_and_the_restore_is_not_complete()
    {
        NeedsRoot();
        await SavedAsync("mknod null c 1 3; mknod disk b 8 0; echo 1 > file; cp /bin/true setuid; chmod 6755 setuid; ln -s ../../../../etc/passwd up");
        // As in the Pod: no CAP_MKNOD.
        Sandbox.Prefix.AddRange(["setpriv", "--inh-caps=-all", "--bounding-set=-all,+chown,+dac_override,+fowner,+fsetid,+setfcap"]);
        var run = await Sandbox.RestoreAsync();
        Assert.That(run.Result.Reason, Is.EqualTo(nameof(Reason.RestoreIncomplete)), run.ToString());
        Assert.That(run.Result.Message, Does.Contain("2 files or folders").And.Contain("null"));
        Assert.That(Shell.Run("ls; stat -c %a setuid", Sandbox.Target()), Is.EqualTo("file\nsetuid\nup\n6755"));
        var without = await Sandbox.RestoreAsync("--exclude", "/null", "--exclude", "/disk");
        Assert.That(without.ExitCode, Is.Zero, without.ToString());
    }

    [Test]
    public async Task Without_root_the_data_is_restored_and_the_result_says_whose_it_is()
    {
        NeedsRoot();
        await SavedAsync("echo 1 > file; chown 999:999 file; chmod 0640 file");
        Shell.Run($"chown 1000:1000 '{Sandbox.Target()}' '{Sandbox.Root}'/cache '{Sandbox.Root}'/tmp; chmod -R a+rwX '{Sandbox.Repository}' '{Sandbox.Root}'/cache");
        Sandbox.Prefix.AddRange(["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups"]);
        var run = await Sandbox.RestoreAsync("--verify");
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Result.OwnershipRestored, Is.False);
        Assert.That(Shell.Run("stat -c '%u %a' file", Sandbox.Target()), Is.EqualTo("1000 640"));
    }

    [Test]
    public async Task A_partial_backup_is_marked_in_the_repository_and_not_the_newest()
    {
        NeedsRoot();
        await SavedAsync("echo 1 > file");
        Shell.Run("echo closed > closed; chmod 0000 closed", Sandbox.Claim());
        Shell.Run($"chmod -R a+rwX '{Sandbox.Repository}' '{Sandbox.Root}'/cache '{Sandbox.Root}'/tmp");
        Sandbox.Prefix.AddRange(["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups"]);
        var partial = await Sandbox.BackUpClaimAsync("shop/data", "2026-11-21T00:00:00Z");
        Sandbox.Prefix.Clear();
        Assert.That(partial.Result.Reason, Is.EqualTo(nameof(Reason.SourceUnreadable)), partial.ToString());
        Assert.That(partial.Result.Message, Does.Not.Contain("could not be marked"));
        var plan = await Sandbox.PlanAsync("shop/data");
        Assert.That(plan.Result.SnapshotTime!.Value.Day, Is.EqualTo(20), plan.ToString());
        Assert.That((await Sandbox.RestoreAsync("--snapshot", partial.Result.SnapshotId!)).ExitCode, Is.Zero, "named by its id it is restored");
    }

    [Test]
    public async Task Each_way_to_choose_on_a_repository_of_30_snapshots()
    {
        Sandbox.WithRepository();
        foreach (var path in (string[])["shop/data", "shop/data2", "blog/data"])
            Sandbox.Claim(path);
        // Ten days, a backup of each claim each day; the content says which.
        Sandbox.Restic($"version; for day in 01 02 03 04 05 06 07 08 09 10; do for path in shop/data shop/data2 blog/data; do cd '{Sandbox.VolumeRoot()}'/$path; echo $path-$day > file; restic backup -q --no-scan --host test-cluster --time \"2026-11-$day 03:00:00\" .; done; done");
        Assert.That(Sandbox.Snapshots(), Is.EqualTo(30));
        Assert.That(await ContentAsync(), Is.EqualTo("shop/data-10"));
        Assert.That(await ContentAsync("--previous", "3"), Is.EqualTo("shop/data-07"));
        Assert.That(await ContentAsync("--as-of", "2026-11-05T02:59:59Z"), Is.EqualTo("shop/data-04"));
        Assert.That(await ContentAsync("--source-path", $"{Sandbox.VolumeRoot()}/shop/data2"), Is.EqualTo("shop/data2-10"));
        var id = (await Sandbox.PlanAsync("shop/data2", "--as-of", "2026-11-02T03:00:00Z")).Result.SnapshotId!;
        Assert.That(await ContentAsync("--snapshot", id[..8]), Is.EqualTo("shop/data2-02"));
        await RefusedAsync(Reason.BackupNotFound, "is not one of", "--source-path", $"{Sandbox.VolumeRoot()}/shop/data", "--snapshot", id);
        var foreign = Sandbox.Restic($"snapshots --json --path '{Sandbox.VolumeRoot()}/blog/data'").Split("\"id\":\"")[1][..64];
        await RefusedAsync(Reason.ForeignBackup, "not of this namespace", "--snapshot", foreign);
    }

    private async Task<string> ContentAsync(params string[] more)
    {
        Shell.Run("find . -mindepth 1 -delete", Sandbox.Target());
        var run = await Sandbox.RestoreAsync(more);
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        var content = Shell.Run("cat file", Sandbox.Target());
        Shell.Run("find . -mindepth 1 -delete", Sandbox.Target());
        return content;
    }

    private async Task SavedAsync(string script, string path, string time = "2026-11-20T03:00:07Z")
    {
        Shell.Run(script, Sandbox.Claim(path));
        if (!Directory.Exists(Sandbox.Repository))
            Sandbox.WithRepository();
        var run = await Sandbox.BackUpClaimAsync(path, time);
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
    }

    private async Task<string> SavedAsync(string script)
    {
        await SavedAsync(script, "shop/data");
        return Sandbox.Claim();
    }

    private async Task RefusedAsync(Reason reason, string told, params string[] more)
    {
        var before = RestoreSandbox.WholeManifest(Sandbox.Target());
        var run = await Sandbox.RestoreAsync(more);
        Assert.That(run.ExitCode, Is.Not.Zero, run.ToString());
        Assert.That(run.Result.Reason, Is.EqualTo(reason.ToString()), run.ToString());
        Assert.That(run.Result.Message, Does.Contain(told));
        Assert.That(RestoreSandbox.WholeManifest(Sandbox.Target()), Is.EqualTo(before), "untouched");
    }
}
