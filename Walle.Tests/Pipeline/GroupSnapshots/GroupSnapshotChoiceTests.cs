using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.GroupSnapshots;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;
using static Walle.Tests.Pipeline.GroupSnapshots.GroupSnapshotStage;

namespace Walle.Tests.Pipeline.GroupSnapshots;

/// <summary>When volumes are cut as one, and what is said when they are not.</summary>
internal sealed class GroupSnapshotChoiceTests
{
    [Test]
    public void The_labels_that_only_the_claims_of_the_source_have_in_common_select_them()
    {
        var status = Fresh("data", "log").Decide().Status;
        Assert.That(status.IsTrue(ConditionTypes.Accepted), status.Message);
        var group = status.VolumeGroupSnapshot!;
        Assert.Multiple(() =>
        {
            Assert.That((group.Name, group.ClassName, group.Version, group.Message), Is.EqualTo((Name, "groups", "v1", (string?)null)));
            Assert.That(group.MatchLabels, Is.EqualTo(new Dictionary<string, string> { ["app"] = "db", ["tier"] = "data" }));
            Assert.That(status.Volumes, Has.All.Property("VolumeSnapshotName").Null.And.All.Property("VolumeSnapshotClassName").Null, "the snapshot controller names the members");
        });
    }

    [Test]
    public void Without_the_API_or_with_one_volume_there_is_nothing_to_tell()
    {
        Assert.That((Fresh("data", "log") with { GroupSnapshots = null }).Decide().Status.VolumeGroupSnapshot, Is.Null);
        Assert.That(Fresh("data").Decide().Status.VolumeGroupSnapshot, Is.Null);
        var optedOut = Fresh("data", "log") with { Claims = [Claim("data", "app=db"), Claim("log", "app=db") with { OptedOut = true }] };
        Assert.That(optedOut.Decide().Status.VolumeGroupSnapshot, Is.Null);
    }

    [Test]
    public void The_default_class_of_the_driver_is_taken_among_several()
    {
        var classes = new[] { new SnapshotClassFacts("a", A.Driver, false), new SnapshotClassFacts("b", A.Driver, true), new SnapshotClassFacts("c", "other", true) };
        var status = (Fresh("data", "log") with { GroupSnapshots = new GroupSnapshotOffer("v1beta2", classes) }).Decide().Status;
        Assert.That((status.VolumeGroupSnapshot!.ClassName, status.VolumeGroupSnapshot.Version), Is.EqualTo(("b", "v1beta2")));
    }

    private static IEnumerable<TestCaseData> Unused()
    {
        var fresh = Fresh("data", "log");
        yield return Case("no class", fresh with { GroupSnapshots = new GroupSnapshotOffer("v1", [new SnapshotClassFacts("x", "other", true)]) }, "no VolumeGroupSnapshotClass is of driver");
        yield return Case("several classes", fresh with { GroupSnapshots = new GroupSnapshotOffer("v1", [new SnapshotClassFacts("a", A.Driver, false), new SnapshotClassFacts("b", A.Driver, false)]) },
            "kubectl annotate volumegroupsnapshotclass a groupsnapshot.storage.kubernetes.io/is-default-class=true");
        yield return Case("two defaults", fresh with { GroupSnapshots = new GroupSnapshotOffer("v1", [new SnapshotClassFacts("a", A.Driver, true), new SnapshotClassFacts("b", A.Driver, true)]) }, "several");
        yield return Case("two drivers", fresh with { Claims = [Claim("data", "app=db"), Claim("log", "app=db") with { Driver = "other" }], SnapshotClasses = [.. fresh.SnapshotClasses!, new SnapshotClassFacts("o", "other", true)] }, "several drivers");
        yield return Case("another claim has the labels", fresh with { NamespaceClaims = [.. fresh.NamespaceClaims, Claim("restored", "app=db", "tier=data", "by=hand").Claim!] },
            "kubectl -n shop label pvc data log backup-group=db");
        yield return Case("nothing in common", fresh with { Claims = [Claim("data", "app=db"), Claim("log", "app=log")] }, "no labels select exactly these");
        yield return Case("no labels at all", fresh with { Claims = [Claim("data"), Claim("log")] }, "no labels");
        yield return Case("a class is named", fresh.WithOptions(new BackupOptions { VolumeSnapshotClassName = "csi-hostpath-snapclass" }), "options.volumeSnapshotClassName");
    }

    [TestCaseSource(nameof(Unused))]
    public void Otherwise_side_by_side_and_the_status_says_why(BackupObservation fresh, string told)
    {
        var status = fresh.Decide().Status;
        Assert.That(status.IsTrue(ConditionTypes.Accepted), status.Message);
        Assert.That(status.VolumeGroupSnapshot!.Name, Is.Null);
        Assert.That(status.VolumeGroupSnapshot.Message, Does.Contain(told));
        Assert.That(status.Volumes, Has.All.Property("VolumeSnapshotName").Not.Null);
    }

    [Test]
    public void A_selector_holds_no_more_labels_than_the_status_may()
    {
        var labels = Enumerable.Range(10, 20).Select(number => $"l{number}=x").ToArray();
        var wanted = new[] { Claim("data", labels).Claim!, Claim("log", labels).Claim! };
        Assert.That(GroupSelector.Exactly(wanted, wanted), Has.Count.EqualTo(16));
        Assert.That(GroupSelector.Exactly(wanted, [.. wanted, Claim("other", labels[..16]).Claim!]), Is.Null, "exact by what is used, not by what was left away");
    }

    private static TestCaseData Case(string name, BackupObservation fresh, string told) => new TestCaseData(fresh, told).SetArgDisplayNames(name);
}
