using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Crds.V1;

namespace Walle.Tests.Pipeline;

/// <summary>Quantities, Display, ResourceNames, ChangeDetectionRule: values in, values out.</summary>
internal sealed class ValuesTests
{
    [TestCase("1Gi", "1024Mi", "1Gi")]
    [TestCase("1023Mi", "1Gi", "1Gi")]
    [TestCase("1G", "1Gi", "1Gi")]
    [TestCase("10Gi", "9Gi", "10Gi")]
    [TestCase("5e9", "1Gi", "5e9")]
    [TestCase("2Pi", "1Ei", "1Ei")]
    [TestCase(null, "1Gi", "1Gi")]
    [TestCase("1Gi", null, "1Gi")]
    [TestCase("junk", "1Gi", "1Gi")]
    [TestCase("1Gi", "", "1Gi")]
    [TestCase(null, null, null)]
    public void The_larger_quantity(string? left, string? right, string? expected) => Assert.That(Quantities.Larger(left, right), Is.EqualTo(expected));

    [TestCase(-3, "0s")]
    [TestCase(0, "0s")]
    [TestCase(119, "119s")]
    [TestCase(120, "2m0s")]
    [TestCase(3599, "59m59s")]
    [TestCase(3600, "1h0m")]
    [TestCase(90_061, "25h1m")]
    public void A_duration_for_people(int seconds, string expected) => Assert.That(Display.Duration(TimeSpan.FromSeconds(seconds)), Is.EqualTo(expected));

    [TestCase(0, "0 B")]
    [TestCase(1023, "1023 B")]
    [TestCase(1024, "1 KiB")]
    [TestCase(1_610_612_736, "1.5 GiB")]
    [TestCase(long.MaxValue, "8192 PiB")]
    public void Bytes_for_people(long bytes, string expected) => Assert.That(Display.Bytes(bytes), Is.EqualTo(expected));

    [Test]
    public void Names_are_the_same_each_time_differ_by_owner_and_step_and_fit_a_label()
    {
        string[] names = [.. new[] { "uid-1", "uid-2" }.SelectMany(uid => new[] { ResourceNames.Snapshot(uid), ResourceNames.Clone(uid), ResourceNames.InitJob(uid), ResourceNames.BackupJob(uid, 1), ResourceNames.BackupJob(uid, 2), ResourceNames.BackupJob(uid, 11) })];
        Assert.That(names, Is.Unique.And.All.Match("^walle-[0-9a-f]{20}$"));
        Assert.That(ResourceNames.Snapshot("uid-1"), Is.EqualTo("walle-77c888d929987a7baf71"), "another name after an update of the controller would be a second snapshot");
    }

    private static VolumeStatus Copied => new() { ParentId = "p", FilesUnmodified = 0, FilesChanged = 2000, FilesNew = 0, BytesProcessed = 1_000_000, BytesAdded = 10_000, RunsSinceFullRead = 1 };

    private static IEnumerable<TestCaseData> Detection()
    {
        yield return new TestCaseData(null, null, "Strict").SetName("Auto_begins_Strict");
        yield return new TestCaseData("Auto", Copied, "ModificationTime").SetName("A_run_that_read_everything_for_nothing_changes_Auto");
        yield return new TestCaseData("Strict", Copied, "Strict").SetName("Strict_stays");
        yield return new TestCaseData("ModificationTime", null, "ModificationTime").SetName("ModificationTime_is_taken");
        yield return new TestCaseData("Auto", new VolumeStatus { ChangeDetection = "ModificationTime" }, "ModificationTime").SetName("Auto_does_not_go_back");
        yield return new TestCaseData("Auto", Copied with { ParentId = null }, "Strict").SetName("The_first_backup_shows_nothing");
        yield return new TestCaseData("Auto", Copied with { FilesUnmodified = 1 }, "Strict").SetName("One_unmodified_file_shows_that_inodes_are_kept");
        yield return new TestCaseData("Auto", Copied with { BytesAdded = 10_001 }, "Strict").SetName("More_than_a_hundredth_added_is_a_real_change");
        yield return new TestCaseData("Auto", Copied with { RunsSinceFullRead = 0 }, "Strict").SetName("A_full_read_shows_nothing");
        yield return new TestCaseData("Auto", Copied with { FilesNew = 1 }, "Strict").SetName("A_new_file_may_be_a_real_change");
    }

    [TestCaseSource(nameof(Detection))]
    public void Change_detection(string? option, VolumeStatus? previous, string expected) =>
        Assert.That(ChangeDetectionRule.Resolve(option, previous is null ? null : new PreviousBackup(previous)), Is.EqualTo(expected));

    [TestCase(0, 5, false, 6)]
    [TestCase(null, 5, false, 6)]
    [TestCase(1, 0, true, 0)]
    [TestCase(3, 1, false, 2)]
    [TestCase(3, 2, true, 0)]
    [TestCase(3, 9, true, 0)]
    public void fullReadEvery_counts_runs(int? every, int since, bool full, int counted) =>
        Assert.That(ChangeDetectionRule.FullRead(every, new PreviousBackup(new VolumeStatus { RunsSinceFullRead = since })), Is.EqualTo((full, counted)));

    [Test]
    public void The_first_run_reads_everything_anyway() => Assert.That(ChangeDetectionRule.FullRead(1, null), Is.EqualTo((false, 0)));
}
