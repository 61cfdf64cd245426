using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Worker;
using Walle.Worker.Restic;
using Walle.Worker.Restore;

namespace Walle.Tests.Worker;

public class SnapshotChoiceTests
{
    private const string Path = "/walle/shop/data";
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 3, 0, 0, TimeSpan.Zero);
    private int _count;

    [Test]
    public void Without_more_it_is_the_newest_of_that_claim_and_cluster()
    {
        RepositorySnapshot[] all = [Of(Path, 1), Of(Path, 3), Of("/walle/shop/data2", 9), Of("/walle/blog/data", 9), Of(Path, 9, host: "other"), Of(Path, 2)];
        Assert.That(Chosen(all, Asked()).Time.Day, Is.EqualTo(4));
    }

    [TestCase(0, 6)]
    [TestCase(2, 4)]
    [TestCase(5, 1)]
    public void Previous_counts_back_from_the_newest(int previous, int day) =>
        Assert.That(Chosen([.. Enumerable.Range(0, 6).Select(n => Of(Path, n))], Asked() with { Previous = previous }).Time.Day, Is.EqualTo(day));

    [TestCase("2026-11-03T03:00:00Z", 3)]
    [TestCase("2026-11-03T02:59:59Z", 2)]
    [TestCase("2027-01-01T00:00:00Z", 6)]
    public void AsOf_is_the_newest_that_is_not_younger(string asOf, int day) =>
        Assert.That(Chosen([.. Enumerable.Range(0, 6).Select(n => Of(Path, n))], Asked() with { AsOf = At(asOf) }).Time.Day, Is.EqualTo(day));

    [Test]
    public void A_partial_snapshot_is_never_the_newest_but_may_be_named()
    {
        var partial = Of(Path, 5);
        RepositorySnapshot[] all = [Of(Path, 1), partial, Mark(partial.Id)];
        Assert.That(Chosen(all, Asked()).Time.Day, Is.EqualTo(2));
        Assert.That(Chosen(all, Asked() with { Path = null, SnapshotId = partial.Id[..10] }), Is.EqualTo(partial));
        Refused([partial, Mark(partial.Id)], Asked(), Reason.BackupNotFound, "only 1 partial");
    }

    [Test]
    public void A_partial_snapshot_that_was_tagged_afterwards_is_still_partial()
    {
        var tagged = Of(Path, 5) with { Original = new string('9', 64) };
        Refused([tagged, Mark(tagged.Original)], Asked(), Reason.BackupNotFound, "partial");
    }

    [Test]
    public void Of_one_BackupJobs_attempts_the_last_counts()
    {
        var lost = Of(Path, 5, tags: ["uid=1"]) with { SavedAt = Start.AddDays(6) };
        var partial = Of(Path, 5, tags: ["uid=1"]) with { SavedAt = Start.AddDays(7) };
        var complete = partial with { Id = Id(), SavedAt = Start.AddDays(8) };
        Assert.That(Chosen([Of(Path, 1), partial, lost, Mark(partial.Id)], Asked()).Time.Day, Is.EqualTo(2), "what nobody saw the result of is not taken for complete");
        Assert.That(Chosen([lost, complete, partial, Mark(partial.Id)], Asked()), Is.EqualTo(complete));
        Refused([lost, complete, partial, Mark(partial.Id)], Asked() with { Previous = 1 }, Reason.BackupNotFound, "there are 1");
    }

    [Test]
    public void An_id_must_be_one_alone_and_of_the_path_that_is_asked_for()
    {
        var one = Of(Path, 1) with { Id = "aaaaaaaa" + new string('1', 56) };
        var two = Of(Path, 2) with { Id = "aaaaaaaa" + new string('2', 56) };
        var id = Asked() with { Path = null, SnapshotId = "aaaaaaaa" };
        Refused([one, two], id, Reason.BackupNotFound, "2 snapshots begin with");
        Assert.That(Chosen([one, two], id with { SnapshotId = two.Id }), Is.EqualTo(two));
        Refused([one, two], id with { SnapshotId = "bbbbbbbb" }, Reason.BackupNotFound, "no snapshot bbbbbbbb");
        Refused([one], id with { Path = "/walle/shop/other", SnapshotId = one.Id }, Reason.BackupNotFound, "is not one of /walle/shop/other");
    }

    [Test]
    public void An_id_from_before_restic_tag_is_still_found()
    {
        var tagged = Of(Path, 1) with { Original = new string('9', 64) };
        Assert.That(Chosen([tagged], Asked() with { SnapshotId = tagged.Original }), Is.EqualTo(tagged));
    }

    [TestCase(null, false)]
    [TestCase("blog", true)]
    [TestCase("other, blog", true)]
    [TestCase("c1/blog", true)]
    [TestCase("c1/*", true)]
    [TestCase("*", true)]
    [TestCase("c2/blog", false)]
    [TestCase("blo", false)]
    public void Another_namespace_needs_leave_in_the_Secret(string? allowed, bool granted)
    {
        var foreign = Of("/walle/blog/data", 1);
        foreach (var asked in (SnapshotRequest[])[Asked(allowed) with { Path = "/walle/blog/data" }, Asked(allowed) with { Path = null, SnapshotId = foreign.Id }])
        {
            if (granted)
                Assert.That(Chosen([foreign], asked), Is.EqualTo(foreign));
            else
                Refused([foreign], asked, Reason.ForeignBackup, "WALLE_RESTORE_NAMESPACES");
        }
    }

    [Test]
    public void Another_clusters_namespace_of_the_same_name_is_foreign()
    {
        var foreign = Of(Path, 1, host: "c2");
        Refused([foreign], Asked() with { Cluster = "c2" }, Reason.ForeignBackup, "c2/shop");
        Refused([foreign], Asked("shop") with { Cluster = "c2" }, Reason.ForeignBackup, "c2/shop");
        Assert.That(Chosen([foreign], Asked("c2/shop") with { Cluster = "c2" }), Is.EqualTo(foreign));
        Refused([foreign], Asked("c2/shop"), Reason.BackupNotFound, "set source.cluster");
        Refused([foreign], Asked(), Reason.BackupNotFound, "restic snapshots");
    }

    [Test]
    public void What_is_not_of_Walles_making_needs_leave_for_everything()
    {
        var stock = Of("/home", 1);
        Refused([stock], Asked("shop,c1/*") with { Path = null, SnapshotId = stock.Id }, Reason.ForeignBackup, "not of this namespace");
        Assert.That(Chosen([stock], Asked("*") with { Path = null, SnapshotId = stock.Id }), Is.EqualTo(stock));
    }

    [Test]
    public void A_dump_is_found_by_its_name_where_only_one_workload_has_it()
    {
        var one = Of("/walle/shop/db/pg.dump", 1);
        var two = Of("/walle/shop/old/pg.dump", 2);
        var asked = Asked() with { Path = "/walle/shop/*/pg.dump" };
        Assert.That(Chosen([one, Of("/walle/shop/db/other.dump", 3), Of("/walle/blog/db/pg.dump", 3), Of("/walle/shop/a/b/pg.dump", 3)], asked), Is.EqualTo(one));
        Refused([one, two], asked, Reason.BackupNotFound, "db/pg.dump, old/pg.dump");
        Refused([], asked, Reason.BackupNotFound, "pg.dump");
    }

    private static SnapshotRequest Asked(string? allowed = null) => new("c1", Path, null, null, 0, new RestoreRights("c1", "shop", "/walle", allowed));

    private static RepositorySnapshot Chosen(IReadOnlyList<RepositorySnapshot> all, SnapshotRequest request) => SnapshotChoice.Choose(all, request);

    private static void Refused(IReadOnlyList<RepositorySnapshot> all, SnapshotRequest request, Reason reason, string words) =>
        Assert.That(() => SnapshotChoice.Choose(all, request), Throws.TypeOf<WorkerException>().With.Property("Reason").EqualTo(reason).And.Message.Contains(words));

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);

    private RepositorySnapshot Of(string path, int day, string host = "c1", string[]? tags = null) =>
        new(Id(), null, Start.AddDays(day), host, [path], tags ?? ["walle"], Start.AddDays(day), 100, 1, 1);

    private RepositorySnapshot Mark(string id) => Of("/tmp/walle-partial", 20, tags: ["walle-partial", "partial-of=" + id]);

    private string Id() => $"{++_count:x8}".PadRight(64, '0');
}
