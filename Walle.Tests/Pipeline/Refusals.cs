using NUnit.Framework;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Crds.Conditions;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline;

/// <summary>A write that a quota refuses: the same rules at each step.</summary>
internal static class Refusals
{
    public static void PassOrEnd(BackupObservation observation, string step, TimeSpan timeout)
    {
        var refused = observation with { ActionFailure = new ActionFailure(Reason.QuotaExceeded, "exceeded quota: used: pods=10", IsFinal: false) };
        var told = refused.Decide().Status;
        Assert.That(told.Find(step), Has.Property("Reason").EqualTo("QuotaExceeded").And.Property("Message").Contains("exceeded quota"));

        var again = refused.Stored() with { ActionFailure = new ActionFailure(Reason.QuotaExceeded, "exceeded quota: used: pods=11", IsFinal: false) };
        Assert.That(again.Decide().Action, Is.InstanceOf(observation.Decide().Action!.GetType()), "it is tried again");
        Assert.That(BackupJobClient.Differs(again.Job.Status, again.Decide().Status), Is.False, "a count that changes with each try is not written each time");

        Expect.Fails(again.After(timeout).Decide(), step, Reason.QuotaExceeded, "exceeded quota");
    }
}
