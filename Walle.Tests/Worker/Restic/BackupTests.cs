using NUnit.Framework;

namespace Walle.Tests.Worker.Restic;

public class BackupTests : ResticFixture
{
    private static readonly string[] None = [];

    [Test]
    public async Task A_mixed_tree_comes_back_identical_with_stock_restic()
    {
        NeedsRoot();
        Shell.Run(
            """
            mkdir -p app/deep/er empty-folder 'ünïcode ☃' lost+found
            for i in $(seq 200); do echo "content $i" > app/file-$i; done
            chown 999:999 app/file-1; chown 1000:1000 app/file-2; chown 10000:10000 app/file-3; chown -R 1000:999 app/deep
            chmod 0600 app/file-1; chmod 0000 app/file-2; chmod 2755 app/deep; chmod 1777 empty-folder; chmod 4711 app/file-4
            ln -s ../app/file-1 app/link; ln -s /etc/passwd app/outward; ln -s nowhere app/dangling; ln app/file-5 app/deep/hard
            truncate -s 20M app/sparse; : > app/empty; head -c 3000000 /dev/urandom > app/random; mkfifo app/fifo
            printf x > 'ünïcode ☃/ein Blatt'; printf x > $'app/new\nline'; printf x > $'app/esc\e[31m'; printf x > ./-rf
            touch -d '2001-02-03 04:05:06.789' app/file-6
            """, Sandbox.Volume);
        Sandbox.WithRepository();

        var run = await Sandbox.BackUpAsync("--tag", "walle", "--tag", "uid=1", "--retry-lock", "1m", "--compression", "auto");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        var target = $"{Sandbox.Root}/restored";
        Sandbox.Restic($"restore {run.Result.SnapshotId} --target '{target}' --verify");
        Directory.Delete($"{Sandbox.Volume}/lost+found");
        Assert.That(WorkerSandbox.Manifest(target), Is.EqualTo(WorkerSandbox.Manifest(Sandbox.Volume)));
        Assert.That(Shell.Run("stat -c %h app/file-5", target), Is.EqualTo("2"));
        using (Assert.EnterMultipleScope())
        {
            var snapshot = Sandbox.Restic("snapshots --json");
            Assert.That(snapshot, Does.Contain($"\"paths\":[\"{Sandbox.Volume}\"]").And.Contain("\"hostname\":\"test-cluster\"").And.Contain("\"tags\":[\"walle\",\"uid=1\",\"walle-version="));
            Assert.That(snapshot, Does.Contain("\"time\":\"2026-11-20T03:00:07Z\""));
            Assert.That(run.Result.FilesNew, Is.GreaterThan(200));
            Assert.That(run.Result.BytesAdded, Is.GreaterThan(3_000_000));
            Assert.That(run.Result.ResticVersion, Does.StartWith("0."));
            Assert.That(run.Result.ParentId, Is.Null);
        }
    }

    [Test]
    public async Task An_unchanged_volume_is_not_read_again()
    {
        Fill(50);
        Sandbox.WithRepository();
        var first = await Sandbox.BackUpAsync();
        var second = await Sandbox.BackUpAsync("--time", "2026-11-21T03:00:00Z", "--parent", first.Result.SnapshotId!);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(second.Result.FilesUnmodified, Is.EqualTo(50));
            Assert.That(second.Result.FilesNew + second.Result.FilesChanged, Is.Zero);
            Assert.That(second.Result.BytesAdded, Is.LessThan(2048));
            Assert.That(second.Result.ParentId, Is.EqualTo(first.Result.SnapshotId));
            Assert.That(second.Result.SnapshotId, Has.Length.EqualTo(64).And.Not.EqualTo(first.Result.SnapshotId));
        }
    }

    [Test]
    public async Task A_parent_that_is_gone_falls_back_to_restics_own_search()
    {
        Fill(5);
        Sandbox.WithRepository();
        await Sandbox.BackUpAsync();
        var run = await Sandbox.BackUpAsync("--time", "2026-11-21T03:00:00Z", "--parent", new string('0', 64), "--skip-if-unchanged");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            Assert.That(run.Result.FilesUnmodified, Is.EqualTo(5));
            Assert.That(run.Result.ParentId, Is.Null);
            Assert.That(run.Result.Skipped, Is.Null);
            Assert.That(Sandbox.Snapshots(), Is.EqualTo(2));
        }
    }

    [Test]
    public async Task Skip_if_unchanged_names_the_snapshot_that_holds_the_data()
    {
        Fill(5);
        Sandbox.WithRepository();
        var first = await Sandbox.BackUpAsync();
        var second = await Sandbox.BackUpAsync("--parent", first.Result.SnapshotId!, "--skip-if-unchanged");
        File.WriteAllText($"{Sandbox.Volume}/more", "more");
        var third = await Sandbox.BackUpAsync("--parent", first.Result.SnapshotId!, "--skip-if-unchanged");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((second.ExitCode, second.Result.Skipped, second.Result.SnapshotId), Is.EqualTo((0, (bool?)true, first.Result.SnapshotId)));
            Assert.That(second.Result.DurationSeconds, Is.Positive);
            Assert.That(third.Result.Skipped, Is.Null);
            Assert.That(Sandbox.Snapshots(), Is.EqualTo(2));
        }
    }

    [Test]
    public async Task A_full_read_compares_with_nothing()
    {
        Fill(5);
        Sandbox.WithRepository();
        var first = await Sandbox.BackUpAsync();
        var second = await Sandbox.BackUpAsync("--parent", first.Result.SnapshotId!, "--full-read");
        Assert.That((second.Result.FilesNew, second.Result.FilesUnmodified, second.Result.ParentId), Is.EqualTo(((long?)5, (long?)0, (string?)null)));
    }

    [TestCase(true, 5)]
    [TestCase(false, 0)]
    public async Task Files_with_new_inodes_are_unchanged_only_where_that_is_asked_for(bool asked, int unmodified)
    {
        Fill(5);
        Sandbox.WithRepository();
        var first = await Sandbox.BackUpAsync();
        Shell.Run($"cp -a '{Sandbox.Volume}' '{Sandbox.Root}/copy'; rm -rf '{Sandbox.Volume}'; mv '{Sandbox.Root}/copy' '{Sandbox.Volume}'");
        var second = await Sandbox.BackUpAsync([.. (string[])["--parent", first.Result.SnapshotId!], .. asked ? ["--ignore-inode"] : None]);
        Assert.That(second.Result.FilesUnmodified, Is.EqualTo(unmodified));
    }

    [Test]
    public async Task Excludes_leave_out_what_they_name()
    {
        Shell.Run("mkdir -p cache sub/cache tagged keep; touch a.tmp cache/x sub/cache/y tagged/z keep/a.tmp b; printf 'Signature: 8a477f597d28d172789f06886806bc55' > tagged/CACHEDIR.TAG", Sandbox.Volume);
        Sandbox.WithRepository();
        var run = await Sandbox.BackUpAsync("--exclude", "*.tmp", "--exclude", "/cache", "--exclude-caches");
        Assert.That(Listed(run), Is.EquivalentTo((string[])["/b", "/keep", "/sub", "/sub/cache", "/sub/cache/y", "/tagged", "/tagged/CACHEDIR.TAG"]));
    }

    [Test]
    public async Task A_malformed_exclude_is_named()
    {
        Fill(1);
        Sandbox.WithRepository();
        var run = await Sandbox.BackUpAsync("--exclude", "[");
        Assert.That((run.ExitCode, run.Result.Reason), Is.EqualTo((2, "InvalidSpec")), run.ToString());
    }

    [Test]
    public async Task Compression_and_upload_limit_reach_restic()
    {
        Shell.Run("yes walle | head -c 1000000 > text", Sandbox.Volume);
        Sandbox.WithRepository();
        var off = await Sandbox.BackUpAsync("--compression", "off", "--limit-upload", "400");
        Assert.That(off.Result.BytesAdded, Is.GreaterThan(1_000_000));
        Assert.That(off.Result.DurationSeconds, Is.GreaterThan(1));
        Shell.Run("tr w v < text > text2; rm text", Sandbox.Volume);
        Assert.That((await Sandbox.BackUpAsync("--compression", "max")).Result.BytesAdded, Is.LessThan(100_000));
    }

    [TestCase("mkdir lost+found", false)]
    [TestCase("mkdir lost+found; touch lost+found/inode", true)]
    [TestCase("touch lost+found", true)]
    public async Task Lost_and_found_is_saved_only_if_it_holds_something(string made, bool saved)
    {
        Shell.Run($"mkdir -p a/lost+found; touch a/lost+found/x; {made}", Sandbox.Volume);
        Sandbox.WithRepository();
        var listed = Listed(await Sandbox.BackUpAsync());
        Assert.That(listed, Does.Contain("/a/lost+found/x"));
        Assert.That(listed.Contains("/lost+found"), Is.EqualTo(saved));
    }

    [TestCase("true")]
    [TestCase("mkdir lost+found")]
    public async Task An_empty_volume_is_saved_as_such(string made)
    {
        Shell.Run(made, Sandbox.Volume);
        Sandbox.WithRepository();
        var run = await Sandbox.BackUpAsync();
        Assert.That((run.ExitCode, run.Result.SnapshotId?.Length, run.Result.FilesNew), Is.EqualTo((0, (int?)64, (long?)0)), run.ToString());
        Assert.That(Sandbox.Restic("snapshots --json"), Does.Contain($"\"paths\":[\"{Sandbox.Volume}\"]"));
    }

    [TestCase("true")]
    [TestCase("mkdir lost+found")]
    [TestCase("mkdir -p a/b c")]
    public async Task An_empty_volume_that_held_files_is_not_saved(string made)
    {
        Shell.Run(made, Sandbox.Volume);
        Sandbox.WithRepository();
        var run = await Sandbox.BackUpAsync("--expect-files");
        Assert.That((run.ExitCode, run.Result.Reason, run.Result.SnapshotId), Is.EqualTo((1, "EmptySource", (string?)null)));
        Assert.That(Sandbox.Snapshots(), Is.Zero);
    }

    [Test]
    public async Task Excludes_that_leave_nothing_are_no_success()
    {
        Fill(3);
        Sandbox.WithRepository();
        var run = await Sandbox.BackUpAsync("--exclude", "*");
        Assert.That((run.ExitCode, run.Result.Reason), Is.EqualTo((1, "EmptySource")), run.ToString());
        Assert.That(Sandbox.Snapshots(), Is.Zero);
    }

    private void Fill(int files) => Shell.Run($"for i in $(seq {files}); do echo $i > file-$i; done", Sandbox.Volume);

    private List<string> Listed(WorkerRun run) => [.. Sandbox.Restic($"ls {run.Result.SnapshotId}").Split('\n').Where(l => l.StartsWith('/'))];
}
