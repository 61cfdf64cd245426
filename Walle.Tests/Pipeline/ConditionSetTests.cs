using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline;

/// <summary>Conditions: their times, their messages, their limits.</summary>
internal sealed class ConditionSetTests
{
    private const string Type = ConditionTypes.Uploaded;
    private static readonly BackupObservation AtNoon = Stage.Fresh();
    private static readonly BackupJobStatus Waiting = new BackupJobStatus().Pending(Type, Reason.InProgress, "one", AtNoon);

    [Test]
    public void The_time_stays_while_the_status_does()
    {
        var status = Waiting.Pending(Type, Reason.OutOfMemory, "two", AtNoon.After(TimeSpan.FromHours(1)));
        Assert.That(status.Find(Type), Is.EqualTo(new Condition { Type = Type, Status = "False", Reason = "OutOfMemory", Message = "two", ObservedGeneration = 1, LastTransitionTime = A.Noon }));
    }

    [Test]
    public void The_time_moves_with_the_status_in_whole_seconds()
    {
        var status = Waiting.Reached(Type, Reason.Succeeded, "done", AtNoon.After(TimeSpan.FromSeconds(90.9)));
        Assert.That(status.Find(Type)!.LastTransitionTime, Is.EqualTo(A.Noon.AddSeconds(90)));
    }

    [Test]
    public void The_time_never_goes_back()
    {
        var status = Waiting.Reached(Type, Reason.Succeeded, "done", AtNoon.After(TimeSpan.FromDays(-1)));
        Assert.That(status.Find(Type)!.LastTransitionTime, Is.EqualTo(A.Noon));
    }

    [Test]
    public void The_same_again_is_the_same_status() =>
        Assert.That(Waiting.With(Type, "False", Reason.InProgress, "one", AtNoon.After(TimeSpan.FromHours(1))), Is.SameAs(Waiting));

    [Test]
    public void A_change_leaves_the_old_status_alone()
    {
        _ = Waiting.Reached(Type, Reason.Succeeded, "done", AtNoon);
        Assert.That(Waiting.IsTrue(Type), Is.False);
    }

    [Test]
    public void A_step_under_way_is_on_top() => Assert.That(Waiting, Has.Property("Reason").EqualTo("InProgress").And.Property("Message").EqualTo("one"));

    [Test]
    public void A_long_message_is_cut_at_a_character()
    {
        Assert.That(ConditionSet.Cut(new string('x', 5), 5), Is.EqualTo("xxxxx"));
        Assert.That(ConditionSet.Cut(new string('x', 6), 5), Is.EqualTo("xxxx…"));
        Assert.That(ConditionSet.Cut("xxx😀x", 5), Is.EqualTo("xxx…"), "half a character would not come back as it was written");
        var status = new BackupJobStatus().Pending(Type, Reason.InProgress, new string('x', 9000), AtNoon);
        Assert.That(status.Message, Has.Length.EqualTo(1024));
    }

    [Test]
    public void A_result_fits_the_schema()
    {
        var status = BackupResult.Fail(AtNoon, new BackupJobStatus(), Type, Reason.ResticFailed, new string('x', 90_000)).Status;
        Assert.That(status.Message, Has.Length.LessThanOrEqualTo(4096));
        Assert.That(status.Conditions, Has.All.Property("Message").Length.LessThanOrEqualTo(32_768));
    }

    [Test]
    public void The_duration_is_from_start_to_end_and_never_negative()
    {
        var status = new BackupJobStatus { StartTime = A.Noon };
        Assert.That(BackupResult.Succeed(AtNoon.After(TimeSpan.FromSeconds(754)), status, "x").Status.Duration, Is.EqualTo("12m34s"));
        Assert.That(BackupResult.Succeed(AtNoon.After(TimeSpan.FromSeconds(-5)), status, "x").Status.Duration, Is.EqualTo("0s"));
    }

    [Test]
    public void A_wait_looks_again_after_a_second_at_least()
    {
        Assert.That(new Deadline(A.Noon, TimeSpan.FromSeconds(10), A.Noon.AddSeconds(9.999)).Remaining, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(new Deadline(A.Noon, TimeSpan.FromSeconds(10), A.Noon.AddSeconds(9.999)).HasPassed, Is.False);
        Assert.That(new Deadline(A.Noon, TimeSpan.FromSeconds(10), A.Noon.AddSeconds(10)).HasPassed);
    }
}
