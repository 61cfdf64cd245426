using NUnit.Framework;
using Walle.Crds.Conditions;

namespace Walle.Tests.Worker.Restic;

/// <summary>What comes back is what was there.</summary>
public class RestoreTests : ResticFixture
{
    [Test]
    public async Task A_mixed_tree_comes_back_identical_with_its_root()
    {
        NeedsRoot();
        var claim = Sandbox.Claim();
        Shell.Run(
            """
            mkdir -p app/deep/er empty-folder 'ünïcode ☃' lost+found
            for i in $(seq 100); do echo "content $i" > app/file-$i; done
            chown 999:999 app/file-1; chown 1000:1000 app/file-2; chown 10000:10000 app/file-3; chown -R 1000:999 app/deep
            chmod 0600 app/file-1; chmod 0000 app/file-2; chmod 2755 app/deep; chmod 1777 empty-folder; chmod 4711 app/file-4; chmod 6755 app/file-7
            ln -s ../app/file-1 app/link; ln -s /etc/passwd app/outward; ln -s nowhere app/dangling; ln app/file-5 app/deep/hard; ln app/file-5 app/hard2
            chown -h 77:88 app/dangling; touch -h -d '2001-02-03' app/dangling
            truncate -s 20M app/sparse; printf end >> app/sparse; : > app/empty; head -c 3000000 /dev/urandom > app/random; mkfifo app/fifo
            printf x > 'ünïcode ☃/ein Blatt'; printf x > $'app/new\nline'; printf x > $'app/esc\e[31m'; printf x > ./-rf; printf x > $'app/not\xff\xfeutf8'; printf x > $'app/surrogate\xed\xa0\x80'
            setfattr -n user.comment -v kept app/file-8
            touch -d '2001-02-03 04:05:06.789012345' app/file-6; touch -d '1969-01-01' app/file-9; touch -d '2003-03-03' app/deep
            chown 999:1234 .; chmod 2770 .; touch -d '2026-01-02 03:04:05.678901234' .
            """, claim);
        Sandbox.WithRepository();
        var backup = await Sandbox.BackUpClaimAsync();

        var run = await Sandbox.RestoreAsync("--verify");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(RestoreSandbox.WholeManifest(Sandbox.Target()), Is.EqualTo(RestoreSandbox.WholeManifest(claim)));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Result.SnapshotId, Is.EqualTo(backup.Result.SnapshotId));
            Assert.That(run.Result.SnapshotTime, Is.EqualTo(new DateTimeOffset(2026, 11, 20, 3, 0, 7, TimeSpan.Zero)));
            Assert.That(run.Result.FilesRestored, Is.GreaterThan(110));
            Assert.That(run.Result.BytesRestored, Is.GreaterThan(23_000_000));
            Assert.That(run.Result.Verified, Is.True);
            Assert.That(run.Result.OwnershipRestored, Is.True);
            Assert.That(int.Parse(Shell.Run("du -k app/sparse | cut -f1", Sandbox.Target())), Is.LessThan(100), "holes stay holes");
        }
    }

    [TestCase("true", TestName = "An_empty_volume_comes_back_empty")]
    [TestCase("mkdir -p a/b; chmod 0700 a", TestName = "A_volume_of_folders_comes_back_as_folders")]
    public async Task Without_files(string script)
    {
        var claim = Sandbox.Claim();
        Shell.Run(script + "; chmod 0751 .; touch -d 2020-02-02 .", claim);
        Sandbox.WithRepository();
        Assert.That((await Sandbox.BackUpClaimAsync()).ExitCode, Is.Zero);
        var run = await Sandbox.RestoreAsync("--verify");
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(RestoreSandbox.WholeManifest(Sandbox.Target()), Is.EqualTo(RestoreSandbox.WholeManifest(claim)));
    }

    [Test]
    public async Task Into_a_volume_that_has_only_its_own_lost_and_found()
    {
        Shell.Run("echo 1 > file", Sandbox.Claim());
        Sandbox.WithRepository();
        await Sandbox.BackUpClaimAsync();
        Directory.CreateDirectory($"{Sandbox.Target()}/lost+found");
        Assert.That((await Sandbox.RestoreAsync()).ExitCode, Is.Zero);
        Assert.That(Listing(), Is.EqualTo("file\nlost+found"));
    }

    [Test]
    public async Task Overwrite_IfChanged_leaves_what_has_the_same_size_and_time()
    {
        await SavedAsync("echo one > same; echo two > changed; touch -d 2020-01-01 same changed");
        Shell.Run("echo ONE > same; touch -d 2020-01-01 same; echo other > changed; echo mine > extra", Sandbox.Target());
        var run = await Sandbox.RestoreAsync("--overwrite", "if-changed", "--verify");
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(Shell.Run("cat same changed extra", Sandbox.Target()), Is.EqualTo("ONE\ntwo\nmine"));
        Assert.That(run.Result.FilesSkipped, Is.EqualTo(1));
        Assert.That(run.Result.Verified, Is.False, "a skipped file is not looked into");
    }

    [Test]
    public async Task Overwrite_Always_replaces_by_content()
    {
        await SavedAsync("echo one > same; echo two > changed; touch -d 2020-01-01 same changed");
        Shell.Run("echo ONE > same; touch -d 2020-01-01 same; echo mine > extra", Sandbox.Target());
        var run = await Sandbox.RestoreAsync("--overwrite", "always", "--verify");
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(Shell.Run("cat same changed extra", Sandbox.Target()), Is.EqualTo("one\ntwo\nmine"));
        Assert.That(run.Result.Verified, Is.True);
        Assert.That(run.Result.FilesDeleted, Is.Zero);
    }

    [Test]
    public async Task DeleteExtra_makes_the_target_what_the_backup_was()
    {
        var claim = await SavedAsync("echo one > same; mkdir folder; echo two > folder/changed");
        Shell.Run("mkdir lost+found folder; echo mine > extra; echo x > folder/extra; ln -s /etc/passwd link", Sandbox.Target());
        var run = await Sandbox.RestoreAsync("--overwrite", "always", "--delete-extra", "--verify");
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Result.FilesDeleted, Is.EqualTo(3));
        Assert.That(Listing(), Is.EqualTo("folder\nfolder/changed\nlost+found\nsame"), "the file system's own folder stays");
        Assert.That(RestoreSandbox.WholeManifest(Sandbox.Target()), Is.EqualTo(RestoreSandbox.WholeManifest(claim)));
    }

    [Test]
    public async Task Include_restores_that_part_and_leaves_the_root_alone()
    {
        await SavedAsync("mkdir etc var; echo 1 > etc/a; echo 2 > etc/b; echo 3 > var/a; chmod 0700 .");
        Shell.Run("chmod 0755 .", Sandbox.Target());
        var run = await Sandbox.RestoreAsync("--include", "/etc/a");
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(Listing(), Is.EqualTo("etc\netc/a"));
        Assert.That(Shell.Run("stat -c %a .", Sandbox.Target()), Is.EqualTo("755"));
    }

    [Test]
    public async Task Exclude_leaves_that_part_out()
    {
        await SavedAsync("mkdir etc var; echo 1 > etc/a; echo 2 > etc/b.tmp; echo 3 > var/a");
        Assert.That((await Sandbox.RestoreAsync("--exclude", "*.tmp", "--exclude", "/var")).ExitCode, Is.Zero);
        Assert.That(Listing(), Is.EqualTo("etc\netc/a"));
    }

    [TestCase("--include", "/nothing")]
    [TestCase("--exclude", "*")]
    public async Task A_pattern_that_leaves_nothing_is_no_success(string option, string pattern)
    {
        await SavedAsync("echo 1 > file");
        var run = await Sandbox.RestoreAsync(option, pattern);
        Assert.That(run.Result.Reason, Is.EqualTo(nameof(Reason.NothingMatched)), run.ToString());
    }

    [Test]
    public async Task A_malformed_pattern_is_told_as_such()
    {
        await SavedAsync("echo 1 > file");
        var run = await Sandbox.RestoreAsync("--include", "[");
        Assert.That(run.Result.Reason, Is.EqualTo(nameof(Reason.InvalidSpec)), run.ToString());
    }

    [Test]
    public async Task Access_control_lists_and_extended_attributes_come_back()
    {
        NeedsRoot();
        var claim = await SavedAsync("mkdir d; echo 1 > d/file; setfattr -n user.note -v kept d d/file; setfattr -n system.posix_acl_access -v 0x0200000001000600ffffffff02000400e703000004000400ffffffff10000400ffffffff20000400ffffffff d/file");
        var expected = RestoreSandbox.WholeManifest(claim);
        Assert.That(expected, Does.Contain("system.posix_acl_access=0x"), "the list of uid 999 is there at all");
        Assert.That((await Sandbox.RestoreAsync("--verify")).ExitCode, Is.Zero);
        Assert.That(RestoreSandbox.WholeManifest(Sandbox.Target()), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_label_without_a_value_is_recorded_as_such()
    {
        Sandbox.WithRepository();
        Shell.Run("echo content > file", Sandbox.Claim());
        Assert.That((await Sandbox.BackUpClaimAsync(more: ["--tag", "walle", "--tag", "label=app=", "--tag", "label=tier=db"])).ExitCode, Is.Zero);
        var planned = await Sandbox.PlanAsync("shop/data");
        Assert.That(planned.Result.Claim?.Labels, Is.EqualTo(new Dictionary<string, string> { ["app"] = "", ["tier"] = "db" }), planned.ToString());
    }

    [Test]
    public async Task A_dump_is_restored_as_its_file_under_its_own_name()
    {
        Sandbox.WithRepository();
        Sandbox.Claim("shop/db");
        Sandbox.Restic("backup -q --host test-cluster --stdin-from-command --stdin-filename /walle_shop_db_pg.dump -- echo select");
        foreach (var path in (string[])["/walle_shop_db_pg.dump", "/walle_shop_*_pg.dump"])
        {
            Shell.Run("rm -rf *", Sandbox.Target());
            var run = await Sandbox.RunAsync(
                null, "restore", "--host", "test-cluster", "--namespace", "shop", "--volume-root", "/walle", "--target", Sandbox.Target(), "--owner", "shop/undo/1", "--source-path", path, "--verify");
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            Assert.That(Shell.Run("cat pg.dump; ls -A", Sandbox.Target()), Is.EqualTo("select\npg.dump"));
        }

        // Its worker was lost after the last step; and the file of somebody else.
        string[] line = ["restore", "--host", "test-cluster", "--namespace", "shop", "--volume-root", "/walle", "--target", Sandbox.Target(), "--owner", "shop/undo/1", "--source-path", "/walle_shop_db_pg.dump"];
        Assert.That((await Sandbox.RunAsync(null, line)).ExitCode, Is.Zero);
        Shell.Run("echo SELECT > pg.dump", Sandbox.Target());
        Assert.That((await Sandbox.RunAsync(null, line)).Result.Reason, Is.EqualTo(nameof(Reason.TargetNotEmpty)));
        Assert.That((await Sandbox.RunAsync(null, [.. line, "--overwrite", "always"])).ExitCode, Is.Zero);
        Assert.That(Shell.Run("cat pg.dump; ls -A", Sandbox.Target()), Is.EqualTo("select\npg.dump"));
        Shell.Run("rm pg.dump; mkdir pg.dump", Sandbox.Target());
        Assert.That((await Sandbox.RunAsync(null, [.. line, "--overwrite", "always"])).Result.Reason, Is.EqualTo(nameof(Reason.RestoreIncomplete)));
    }

    [Test]
    public async Task The_limit_is_kept_and_the_end_stands_in_the_log()
    {
        await SavedAsync("head -c 3000000 /dev/urandom > big");
        var run = await Sandbox.RestoreAsync("--limit-download", "1024");
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Result.DurationSeconds, Is.GreaterThan(1.5), "the limit is kept");
        Assert.That(run.Output, Does.Contain("restoring snapshot").And.Contain("restored snapshot"));
    }

    [Test]
    public async Task A_PostgreSQL_data_directory_comes_back_and_the_database_starts()
    {
        NeedsRoot();
        var tools = Shell.Run("ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1");
        if (tools.Length == 0 || Shell.Run("getent passwd postgres || true").Length == 0)
            Assert.Ignore("needs PostgreSQL: `apt-get install postgresql`");
        var claim = Sandbox.Claim();
        string Postgres(string folder, string script) => Shell.Run($"cd /; runuser -u postgres -- env PATH={tools}:$PATH PGHOST={Sandbox.Root}/socket PGDATA={folder}/pgdata bash -euc \"{script}\"");
        Shell.Run($"mkdir -p '{Sandbox.Root}/socket'; chown postgres '{Sandbox.Root}/socket' '{claim}'; chmod 0711 '{Sandbox.VolumeRoot()}' '{Sandbox.VolumeRoot()}/shop'");
        var start = $"pg_ctl -w -s start -l {Sandbox.Root}/socket/log -o \\\"-c listen_addresses= -k {Sandbox.Root}/socket -F\\\"";
        Postgres(claim, $"initdb -A trust >/dev/null; {start}; psql -q -c 'create table orders as select n, md5(n::text) from generate_series(1, 20000) n' postgres; pg_ctl -s stop -m immediate");
        Sandbox.WithRepository();
        Assert.That((await Sandbox.BackUpClaimAsync()).ExitCode, Is.Zero);
        Shell.Run($"touch '{Sandbox.Root}/expected'; chmod 0755 '{Sandbox.Target()}'");
        var expected = RestoreSandbox.WholeManifest(claim);

        var run = await Sandbox.RestoreAsync("--verify");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(RestoreSandbox.WholeManifest(Sandbox.Target()), Is.EqualTo(expected));
        Assert.That(Postgres(Sandbox.Target(), $"{start} >/dev/null; psql -At -c 'select count(*), sum(n) from orders' postgres; pg_ctl -s stop -m fast"), Is.EqualTo("20000|200010000"));
    }

    [Test]
    public async Task Claims_prints_a_RestoreJob_for_each_claim_and_dump()
    {
        Sandbox.WithRepository();
        foreach (var path in (string[])["shop/data", "blog/data", "shop/db"])
            Shell.Run("echo 1 > pg.dump", Sandbox.Claim(path));
        await Sandbox.BackUpClaimAsync("shop/data", "2026-11-20T03:00:07Z", "--tag", "size=8Gi", "--tag", "class=fast", "--tag", "modes=ReadWriteOnce", "--tag", "source=StatefulSet/db");
        await Sandbox.BackUpClaimAsync("blog/data");
        Shell.Run("echo 1 > walle_shop_db_pg.dump", Sandbox.Root);
        Sandbox.Restic($"backup -q --host old-cluster '{Sandbox.VolumeRoot()}_shop_db_pg.dump'");
        string[] line = ["claims", "--host", "test-cluster", "--namespace", "shop", "--volume-root", Sandbox.VolumeRoot()];

        var own = await Sandbox.RunAsync(null, line);
        Assert.That(own.Output, Does.Contain("kind: RestoreJob").And.Contain("claimName: 'data'").And.Contain("8Gi of fast, ReadWriteOnce").And.Contain("# workload: StatefulSet/db"), own.ToString());
        Assert.That(own.Output, Does.Not.Contain("blog").And.Not.Contain("old-cluster"), "of others nothing is told");
        Sandbox.Variables["WALLE_RESTORE_NAMESPACES"] = "*";
        var all = await Sandbox.RunAsync(null, line);
        Assert.That(all.Output, Does.Contain("namespace: 'blog'").And.Contain("claimName: 'blog-data'").And.Contain("cluster: 'old-cluster'").And.Contain("dump: 'db/pg.dump'"));
        foreach (var document in all.Output.Split("---\n", StringSplitOptions.RemoveEmptyEntries))
            Assert.That(() => k8s.KubernetesYaml.Deserialize<Dictionary<string, object>>(document), Throws.Nothing, document);
    }

    private async Task<string> SavedAsync(string script)
    {
        var claim = Sandbox.Claim();
        Shell.Run(script, claim);
        Sandbox.WithRepository();
        Assert.That((await Sandbox.BackUpClaimAsync()).ExitCode, Is.Zero);
        return claim;
    }

    private string Listing() => Shell.Run("find . -mindepth 1 -printf '%P\\n' | LC_ALL=C sort", Sandbox.Target());
}
