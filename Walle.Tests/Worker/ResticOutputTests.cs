using System.Text;
using CsCheck;
using NUnit.Framework;
using Walle.Worker.Restic;

namespace Walle.Tests.Worker;

public class ResticOutputTests
{
    private const string Summary =
        """{"message_type":"summary","files_new":3,"files_changed":1,"files_unmodified":2,"dirs_new":1,"dirs_changed":0,"dirs_unmodified":0,"data_blobs":1,"tree_blobs":2,"data_added":1161,"data_added_packed":693,"total_files_processed":6,"total_bytes_processed":30,"total_duration":0.758067429,"backup_start":"2026-11-22T19:29:09.624688005Z","backup_end":"2026-11-22T19:29:10.382755434Z","snapshot_id":"5c1479b27815c77b8e511e83a017172213d0bc23f3f88646946ba2213a5ecc4e"}""";

    [Test]
    public void The_summary_names_the_snapshot()
    {
        var output = Fed(Summary);
        Assert.That(output.Summary, Is.EqualTo(new ResticSummary("5c1479b27815c77b8e511e83a017172213d0bc23f3f88646946ba2213a5ecc4e", 3, 1, 2, 6, 30, 693)));
    }

    [TestCase("")]
    [TestCase("5c1479b2")]
    [TestCase("../../../../etc/passwd")]
    public void What_is_no_full_id_names_no_snapshot(string id) =>
        Assert.That(Fed($$"""{"message_type":"summary","snapshot_id":"{{id}}"}""").Summary!.SnapshotId, Is.Null);

    [Test]
    public void Paths_are_given_below_the_volume_and_scan_errors_are_not_counted()
    {
        var output = Fed(
            """{"message_type":"error","error":{"message":"openfile for readdirnames failed: open /walle/shop/data/u/dir: permission denied"},"during":"scan","item":"/walle/shop/data/u/dir"}""",
            """{"message_type":"error","error":{"message":"openfile for readdirnames failed: open u/dir: permission denied"},"during":"archival","item":"u/dir"}""",
            """{"message_type":"error","error":{"message":"/walle/shop/data/u/secret: open u/secret: permission denied"},"during":"archival","item":"/walle/shop/data/u/secret"}""");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(output.UnreadableCount, Is.EqualTo(2));
            Assert.That(output.Unreadable, Is.EqualTo((string[])["u/dir", "u/secret"]));
        }
    }

    [Test]
    public void A_million_errors_keep_twenty_paths()
    {
        var output = new ResticOutput("/v");
        for (var i = 0; i < 100_000; i++)
            output.Read(Encoding.UTF8.GetBytes($$$"""{"message_type":"error","error":{"message":"x"},"during":"archival","item":"/v/{{{i}}}"}"""));
        Assert.That((output.UnreadableCount, output.Unreadable.Count), Is.EqualTo((100_000L, 20)));
    }

    [Test]
    public void The_stack_of_an_unexpected_error_is_left_out() =>
        Assert.That(
            Fed("""{"message_type":"exit_error","code":1,"message":"config file has zero size, invalid repository?\nmain.open\n\tgithub.com/restic/restic/cmd/restic/global.go:691\nmain.main\n\tx.go:1"}""").ExitError,
            Is.EqualTo("config file has zero size, invalid repository?"));

    [Test]
    public void Progress_is_read_from_status_lines()
    {
        ResticProgress? seen = null;
        var output = new ResticOutput("/v");
        output.Progressed += progress => seen = progress;
        output.Read("""{"message_type":"status","seconds_elapsed":5,"percent_done":0.5,"total_files":10,"files_done":5,"total_bytes":40000000,"bytes_done":20000000}"""u8.ToArray());
        Assert.That(seen, Is.EqualTo(new ResticProgress(0.5, 5, 10, 20_000_000, 40_000_000, 5)));
    }

    [Test]
    public void Garbage_names_no_snapshot_and_breaks_nothing() =>
        Gen.OneOf(
            Gen.Byte.Array[0, 200],
            Gen.String[0, 80].Select(s => Encoding.UTF8.GetBytes("{\"message_type\":\"" + s)),
            Gen.Select(Gen.Int[0, Summary.Length - 1], Gen.Byte).Select((at, b) => { var bytes = Encoding.UTF8.GetBytes(Summary); bytes[at] = b; return bytes; }),
            Gen.OneOf("""{"message_type":[]}""", """{"message_type":"error","error":3}""", """{"message_type":"summary","files_new":"x","snapshot_id":7}""", """{"message_type":"status","percent_done":1e999}""", "[]", "{}", "null")
                .Select(Encoding.UTF8.GetBytes))
            .Sample(line =>
            {
                var output = new ResticOutput("/v");
                Assert.That(() => output.Read(line), Throws.Nothing);
                Assert.That(output.Summary?.SnapshotId?.Length, Is.Null.Or.EqualTo(64));
            }, iter: 20_000);

    private static ResticOutput Fed(params string[] lines)
    {
        var output = new ResticOutput("/walle/shop/data");
        foreach (var line in lines)
            output.Read(Encoding.UTF8.GetBytes(line));
        return output;
    }
}
