using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Manifests;
using Walle.Controller.Projections;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline;

/// <summary>What a backup notes of its claim, for the day when the cluster is gone.</summary>
internal sealed class RecordedFactsTests
{
    [Test]
    public void Class_size_modes_and_labels_are_noted() =>
        Assert.That(Tags(Labels(("app.kubernetes.io/name", "db"), ("tier", ""))), Is.EqualTo(new[] { "class=fast", "size=10Gi", "modes=ReadWriteOnce:ReadOnlyMany", "label=app.kubernetes.io/name=db", "label=tier=" }));

    [Test]
    public void What_is_no_tag_to_restic_and_what_is_too_much_is_left_out()
    {
        Assert.That(Tags(Labels(("odd", "a,b"), ("good", "x"))), Has.Some.EqualTo("label=good=x").And.None.Contains("odd"));
        var many = Tags(Labels([.. Enumerable.Range(0, 100).Select(n => ($"label-{n:000}", new string('x', 40)))]));
        Assert.That(many.Where(tag => tag.StartsWith("label=", StringComparison.Ordinal)).Sum(tag => tag.Length), Is.InRange(500, 600));
    }

    [Test]
    public void The_modes_are_those_of_the_claim_when_it_was_accepted()
    {
        var fresh = Stage.Fresh();
        var accepted = (fresh with { Source = fresh.Source! with { AccessModes = ["ReadWriteMany"] } }).Stored();
        Assert.That(accepted.Job.Status!.Volumes![0].AccessModes, Is.EqualTo(new[] { "ReadWriteMany" }));
    }

    [Test]
    public void A_source_that_is_gone_leaves_what_was_noted_of_it() =>
        Assert.That(Tags(Stage.Starting() with { Source = null }), Is.EqualTo(new[] { "class=fast", "size=10Gi", "modes=ReadWriteOnce:ReadOnlyMany" }));

    private static IEnumerable<string> Tags(BackupObservation observation) =>
        RecordedFacts.Tags(observation, Stage.Starting().Job.Status!.Volumes![0] with { AccessModes = ["ReadWriteOnce", "ReadOnlyMany"] });

    private static BackupObservation Labels(params (string Key, string Value)[] labels)
    {
        ClaimProjection claim = A.Claim();
        return Stage.Starting() with { Source = claim with { Labels = [.. labels.Select(label => KeyValuePair.Create(label.Key, label.Value))] } };
    }
}
