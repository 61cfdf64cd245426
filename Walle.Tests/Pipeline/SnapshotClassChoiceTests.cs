using NUnit.Framework;
using Walle.Controller.Pipeline;

namespace Walle.Tests.Pipeline;

/// <summary>Which VolumeSnapshotClass.</summary>
internal sealed class SnapshotClassChoiceTests
{
    private const string Driver = "a.csi";
    private static readonly SnapshotClassFacts Plain = new("plain", Driver, false);
    private static readonly SnapshotClassFacts Other = new("other", Driver, false);
    private static readonly SnapshotClassFacts Default = new("std", Driver, true);
    private static readonly SnapshotClassFacts SecondDefault = new("std-2", Driver, true);
    private static readonly SnapshotClassFacts Foreign = new("foreign", "b.csi", true);

    private static IEnumerable<TestCaseData> Chosen()
    {
        yield return new TestCaseData(new[] { Foreign, Plain }, null, "plain").SetName("The_drivers_only_class_is_taken_whatever_another_driver_has");
        yield return new TestCaseData(new[] { Plain, Default, Foreign }, null, "std").SetName("The_drivers_default_is_taken");
        yield return new TestCaseData(new[] { Plain, Default }, "plain", "plain").SetName("A_named_class_wins_over_the_default");
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return new TestCaseData(Array.Empty<SnapshotClassFacts>(), null, new[] { Driver, "create one" }).SetName("No_class_at_all");
        yield return new TestCaseData(new[] { Foreign }, null, new[] { Driver }).SetName("Another_drivers_default_is_not_taken");
        yield return new TestCaseData(new[] { Plain, Other }, null, new[] { "other, plain", "is-default-class=true" }).SetName("Several_and_no_default_names_the_choices_in_order");
        yield return new TestCaseData(new[] { Default, SecondDefault }, null, new[] { "std, std-2", "marked as default" }).SetName("Two_defaults_are_ambiguous");
        yield return new TestCaseData(new[] { Plain }, "gone", new[] { "gone", "does not exist", "plain" }).SetName("A_named_class_that_is_missing_tells_the_choices");
        yield return new TestCaseData(new[] { Plain, Foreign }, "foreign", new[] { "b.csi", Driver, "plain" }).SetName("A_named_class_of_another_driver_is_refused");
        yield return new TestCaseData(new[] { Foreign }, "foreign", new[] { "no VolumeSnapshotClass is of driver a.csi" }).SetName("A_named_class_of_another_driver_with_no_choice");
    }

    [TestCaseSource(nameof(Chosen))]
    public void Is_chosen(SnapshotClassFacts[] classes, string? named, string expected) =>
        Assert.That(SnapshotClassChoice.Choose(classes, Driver, named), Is.EqualTo(new SnapshotClassChoice(expected, null)));

    [TestCaseSource(nameof(Refused))]
    public void Is_refused(SnapshotClassFacts[] classes, string? named, string[] words)
    {
        var choice = SnapshotClassChoice.Choose(classes, Driver, named);
        Assert.That(choice.ClassName, Is.Null);
        foreach (var word in words)
        {
            Assert.That(choice.Problem, Does.Contain(word));
        }
    }
}
