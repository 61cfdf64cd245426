using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Crds.Conditions;

namespace Walle.Tests.Builders;

/// <summary>What a decision must say.</summary>
internal static class Expect
{
    /// <summary>Failed for good, with the reason on top, in the condition of the step and in Failed, and words of help in the message.</summary>
    public static void Fails(PipelineDecision decision, string step, Reason reason, params string[] words)
    {
        Ends(decision, reason, words);
        Assert.That(decision.Status.Find(step), Has.Property("Status").EqualTo("False").And.Property("Reason").EqualTo(reason.ToString()), step);
    }

    public static void Ends(PipelineDecision decision, Reason reason, params string[] words)
    {
        var status = decision.Status;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status.Reason, Is.EqualTo(reason.ToString()), status.Message);
            Assert.That(status.IsTrue(ConditionTypes.Failed), "Failed");
            Assert.That(status.IsTrue(ConditionTypes.Complete), Is.False, "Complete");
            Assert.That(status.CompletionTime, Is.Not.Null, "completionTime");
            Assert.That(decision.Action, Is.Null, "the end is written before anything else is done");
            foreach (var word in words)
            {
                Assert.That(status.Message, Does.Contain(word));
            }
        }
    }

    /// <summary>Not ended, nothing to do but to look again after a time.</summary>
    public static void Waits(PipelineDecision decision, string step, Reason reason, TimeSpan atMost, params string[] words)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(BackupResult.IsKnown(decision.Status), Is.False, decision.Status.Message);
            Assert.That(decision.Action, Is.Null);
            Assert.That(decision.RequeueAfter, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(1)).And.LessThanOrEqualTo(atMost), "a wait without a time to look again is for ever");
            Assert.That(decision.Status.Find(step), Has.Property("Status").EqualTo("False").And.Property("Reason").EqualTo(reason.ToString()), step);
            foreach (var word in words)
            {
                Assert.That(decision.Status.Find(step)!.Message, Does.Contain(word));
            }
        }
    }

    /// <summary>The status stands, and one write is asked for.</summary>
    public static T Acts<T>(BackupObservation observation)
        where T : PipelineAction
    {
        var decision = observation.Decide();
        Assert.That(decision.Action, Is.InstanceOf<T>(), decision.Status.Message);
        Assert.That(Controller.Kubernetes.BackupJobClient.Differs(observation.Job.Status, decision.Status), Is.False, $"the status is written before the action: {decision.Status.Message}");
        return (T)decision.Action!;
    }
}
