using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline;

/// <summary>What is told as an Event.</summary>
internal sealed class OccurrenceRuleTests
{
    [Test]
    public void The_happy_path_has_one_Event()
    {
        BackupJobStatus?[] written = [null, .. new[] { Stage.Snapshotting(), Stage.Cloning(), Stage.Starting(), Stage.Uploading(), Stage.Ended(), Stage.Clean().Stored() }.Select(stage => stage.Job.Status)];
        var told = written.Zip(written.Skip(1), (before, after) => OccurrenceRule.Between(before, after!)).OfType<OccurrenceRule>().ToList();
        Assert.That(told, Has.Count.EqualTo(1));
        Assert.That(told[0], Has.Property("Type").EqualTo("Normal").And.Property("Reason").EqualTo("Succeeded").And.Property("Message").Contains("4f0c1d2e"));
    }

    [Test]
    public void A_problem_on_the_way_is_told_once()
    {
        var before = Stage.Started();
        var held = before.WithPod(A.Pod().Waiting("ErrImagePull", "not found")).Stored();
        Assert.That(OccurrenceRule.Between(before.Job.Status, held.Job.Status!), Has.Property("Type").EqualTo("Warning").And.Property("Reason").EqualTo("ImagePullFailed"));
        Assert.That(OccurrenceRule.Between(held.Job.Status, held.Job.Status! with { Message = "other words" }), Is.Null);
    }

    [Test]
    public void The_end_is_told_even_if_its_reason_was_told_before()
    {
        var held = Stage.Started().WithPod(A.Pod().Waiting("ErrImagePull", "not found")).Stored();
        var ended = held.After(TimeSpan.FromHours(1)).Stored();
        Assert.That(OccurrenceRule.Between(held.Job.Status, ended.Job.Status!), Has.Property("Reason").EqualTo("ImagePullFailed").And.Property("Message").Contains("startTimeoutSeconds"));
        Assert.That(OccurrenceRule.Between(ended.Job.Status, ended.Job.Status!), Is.Null);
    }

    [Test]
    public void What_cannot_be_cleaned_up_is_told_once()
    {
        var ended = Stage.Ended();
        var stuck = ended.After(TimeSpan.FromMinutes(10)).Stored();
        Assert.That(OccurrenceRule.Between(ended.Job.Status, stuck.Job.Status!), Has.Property("Reason").EqualTo("CleanupTimeout").And.Property("Type").EqualTo("Warning"));
        Assert.That(OccurrenceRule.Between(stuck.Job.Status, (stuck with { Jobs = [] }).Decide().Status), Is.Null, "what is left changes as it goes");
    }

    [Test]
    public void Progress_is_not_told()
    {
        foreach (var reason in new[] { Reason.Accepted, Reason.InProgress, Reason.Waiting })
        {
            Assert.That(OccurrenceRule.Between(null, new BackupJobStatus { Reason = reason.ToString(), Message = "x" }), Is.Null);
        }
    }
}
