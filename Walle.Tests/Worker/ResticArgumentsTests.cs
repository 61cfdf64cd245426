using CsCheck;
using NUnit.Framework;
using Walle.Worker.Arguments;
using Walle.Worker.Restic;

namespace Walle.Tests.Worker;

public class ResticArgumentsTests
{
    private static readonly string[] Flags =
    [
        "--json", "--host", "--time", "--parent", "--force", "--ignore-inode", "--ignore-ctime", "--tag", "--exclude", "--exclude-caches", "--compression",
        "--limit-upload", "--skip-if-unchanged", "--retry-lock",
    ];

    /// <summary>Values with a taste for harm, among ordinary ones.</summary>
    private static readonly Gen<string> Hostile = Gen.OneOf<string>(
        Gen.OneOf("--password-command=sh", "-p", "--", "-", "--repo", "-o sftp.command=sh", "--files-from=/etc/passwd", "$(id)", "a,b", "", "/", "!x", "=", "--host=x", "\n-r"),
        Gen.String[0, 40],
        Gen.String[Gen.Char[' ', '~'], 0, 40]);

    [Test]
    public void Nothing_from_outside_becomes_a_flag() =>
        Gen.Select(Hostile, Hostile.Array[0, 4], Hostile.Array[0, 4], Hostile, Gen.Bool.Array[6]).Sample((host, tags, excludes, path, switches) =>
        {
            var line = new List<string> { "backup", "--host", host, "--path", "/walle/" + path, "--time", "2026-11-20T03:00:00Z" };
            line.AddRange(tags.SelectMany(t => (string[])["--tag", t]));
            line.AddRange(excludes.SelectMany(e => (string[])["--exclude", e]));
            WorkerArguments parsed;
            try
            {
                parsed = ArgumentParser.Parse(line);
            }
            catch (Walle.Worker.WorkerException)
            {
                return;
            }
            parsed.FullRead = switches[0];
            parsed.IgnoreInode = switches[1];
            parsed.SkipIfUnchanged = switches[2];
            parsed.ExcludeCaches = switches[3];
            var built = ResticArguments.Backup(parsed, switches[4] ? new string('a', 64) : null, switches[5], empty: false);

            Assert.That(built[0], Is.EqualTo("backup"));
            Assert.That(built[^2..], Is.EqualTo((string[])["--", "."]));
            foreach (var element in built[1..^2])
                Assert.That(Flags, Does.Contain(element.Split('=')[0]), element);
            Assert.That(built.Count(e => e.StartsWith("--host=", StringComparison.Ordinal)), Is.EqualTo(1));
            Assert.That(built.Count(e => e.StartsWith("--tag=", StringComparison.Ordinal)), Is.EqualTo(tags.Length));
        }, iter: 5_000);

    [Test]
    public void The_command_line_is_as_restic_reads_it()
    {
        var parsed = ArgumentParser.Parse(
        [
            "backup", "--host", "c1", "--path", "/walle/shop/data", "--time", "2026-11-20T03:00:07.9Z", "--ignore-inode", "--tag", "walle", "--tag", "uid=1",
            "--exclude", "*.tmp", "--exclude-caches", "--compression", "max", "--limit-upload", "512", "--skip-if-unchanged", "--retry-lock", "5m",
        ]);
        Assert.That(ResticArguments.Backup(parsed, new string('b', 64), excludeLostAndFound: true, empty: false), Is.EqualTo((string[])
        [
            "backup", "--json", "--host=c1", "--time=2026-11-20 03:00:07", "--parent=" + new string('b', 64), "--ignore-inode", "--ignore-ctime", "--tag=walle",
            "--tag=uid=1", "--exclude=*.tmp", "--exclude=/walle/shop/data/lost+found", "--exclude-caches", "--compression=max", "--limit-upload=512",
            "--skip-if-unchanged", "--retry-lock=5m", "--", ".",
        ]));
    }

    [Test]
    public void Without_a_known_parent_a_snapshot_is_always_saved_so_that_it_can_be_named()
    {
        var parsed = ArgumentParser.Parse(["backup", "--host", "c", "--path", "/v", "--time", "2026-11-20T03:00:00Z", "--skip-if-unchanged"]);
        Assert.That(ResticArguments.Backup(parsed, null, false, false), Has.None.EqualTo("--skip-if-unchanged"));
    }

    [TestCase("/cache", "--exclude=/v/cache")]
    [TestCase("!/cache/keep", "--exclude=!/v/cache/keep")]
    [TestCase("/v/cache", "--exclude=/v/cache")]
    [TestCase("cache", "--exclude=cache")]
    [TestCase("a/b", "--exclude=a/b")]
    public void An_exclude_that_begins_with_a_slash_means_the_root_of_the_volume(string pattern, string expected)
    {
        var parsed = ArgumentParser.Parse(["backup", "--host", "c", "--path", "/v", "--time", "2026-11-20T03:00:00Z", "--exclude", pattern]);
        Assert.That(ResticArguments.Backup(parsed, null, false, false), Has.Member(expected));
    }
}
