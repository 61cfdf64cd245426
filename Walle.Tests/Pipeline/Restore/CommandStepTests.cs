using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Hooks;
using Walle.Controller.Pipeline.Restore;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline.Restore;

/// <summary>A dump into a command: it is started once at most, whatever is killed.</summary>
internal sealed class CommandStepTests
{
    private static readonly RestoreCommandPlan Plan = new(new global::Walle.Controller.Pipeline.Hooks.RestoreCommandTarget("db-0", "uid-db-0", "db", ["psql", "--user=$X"], TimeSpan.FromSeconds(90)), null);

    private static readonly WorkerResult Taken = new() { ExitCode = 0, SnapshotId = A.SnapshotId, BytesRestored = 4096, Sha256 = "ab", CommandExitCode = 0, CommandStarted = true };

    [Test]
    public void It_is_accepted_fed_and_told()
    {
        var manifest = Job(Starting());
        var arguments = string.Join(' ', manifest.Containers[0].Args);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(arguments, Does.StartWith("feed --host prod-1 --namespace shop --retry-lock 30s --source-path /walle_shop_db_all.sql "));
            Assert.That(arguments, Does.Contain("--pod db-0 --pod-uid uid-db-0 --container db --command [\"psql\",\"--user=$$X\"] --command-timeout 90 --verify"), "kubelet expands $(X)");
            Assert.That((manifest.ServiceAccountName, manifest.AutomountServiceAccountToken, manifest.SecurityContext.RunAsNonRoot), Is.EqualTo(("walle-dump", (bool?)true, (bool?)true)));
            Assert.That(manifest.Volumes.Select(volume => volume.PersistentVolumeClaim), Is.All.Null);
            Assert.That(manifest.Containers[0].SecurityContext.Capabilities.Add, Is.Null);
            Assert.That(manifest.Containers[0].Env.Single(variable => variable.Name == WorkerVariables.PodUid).ValueFrom.FieldRef.FieldPath, Is.EqualTo("metadata.uid"));
        }

        var ended = Fed().WithPod(Worker(), Worker().Pod().Ended(0, RestoreStage.Json(Taken), "Completed")).Decide().Status;
        Assert.That(ended.IsTrue(ConditionTypes.Complete), ended.Message);
        Assert.That((ended.CommandPod, ended.BytesRestored, ended.Sha256, ended.CommandExitCode), Is.EqualTo(("db-0/db", (long?)4096, "ab", (int?)0)));
    }

    [Test]
    public void Leave_is_written_down_before_the_command_can_start_and_only_for_a_worker_that_runs()
    {
        var pending = Starting() with { Jobs = [Worker()] };
        Assert.That(pending.Decide().Status.CommandWorker, Is.Null);
        Assert.That(pending.WithPod(Worker(), Worker().Pod()).Decide().Status.CommandWorker, Is.Null, "it does not run yet");
        Assert.That(Fed().Job.Status!.CommandWorker, Is.EqualTo(PodUid));
        Assert.That(Fed().Decide().Action, Is.Null);
    }

    [Test]
    public void A_worker_that_is_gone_is_never_replaced()
    {
        Fails(Fed() with { Jobs = [], Pods = [] }, Reason.ResultMissing, "may have been started");
        Fails(Fed() with { Pods = [] }, Reason.ResultMissing, "may have been started");
        var another = Worker().Pod().Running().With(pod => pod with { Uid = "another" });
        Fails(Fed().WithPod(Worker(), another), Reason.ResultMissing, "may have been started");
        Fails(Fed().WithPod(Worker(), Worker().Pod().Ended(137, null, "Error")), Reason.ResultMissing, "killed");
        Fails(Fed().WithPod(Worker(), another.Ended(0, RestoreStage.Json(Taken), "Completed")), Reason.ResultMissing, "may have been started");
    }

    [TestCase(true, false)]
    [TestCase(null, false)]
    [TestCase(false, true)]
    public void Another_attempt_is_made_only_when_the_command_was_not_started(bool? started, bool again)
    {
        var result = new WorkerResult { ExitCode = 1, Reason = nameof(Reason.RepositoryUnreachable), Message = "no route", CommandStarted = started };
        var status = Fed().WithPod(Worker(), Worker().Pod().Ended(1, RestoreStage.Json(result), "Error")).Decide().Status;
        Assert.That((RestoreResult.IsKnown(status), status.Attempts, status.CommandWorker), Is.EqualTo((!again, (int?)(again ? 2 : 1), again ? null : PodUid)));
    }

    [Test]
    public void A_worker_that_fails_before_it_has_leave_is_tried_again() =>
        Assert.That(Starting().WithPod(Worker(), Worker().Pod().Failed(1, Reason.RepositoryLocked)).Decide().Status.Attempts, Is.EqualTo(2));

    [Test]
    public void A_success_without_proof_is_none()
    {
        foreach (var lie in new[] { Taken with { CommandExitCode = null }, Taken with { BytesRestored = 0 }, Taken with { Sha256 = null }, Taken with { SnapshotId = null } })
            Fails(Fed().WithPod(Worker(), Worker().Pod().Ended(0, RestoreStage.Json(lie), "Completed")), Reason.ResultMissing, "never taken for a restore");
    }

    [Test]
    public void What_cannot_run_is_refused_also_when_it_changed_since()
    {
        var wrong = new RestoreCommandPlan(null, (Reason.RestoreCommandMissing, "no annotation"));
        Fails(RestoreStage.Fresh(Into()) with { Command = wrong }, Reason.RestoreCommandMissing, "no annotation");
        Fails(Starting() with { Command = wrong }, Reason.RestoreCommandMissing, "no annotation");
    }

    private static string PodUid => ((global::Walle.Controller.Projections.PodProjection)Worker().Pod()).Uid;

    private static RestoreJob Into() => RestoreStage.Job(spec => spec with
    {
        Source = new RestoreSource { Dump = "db/all.sql" },
        Target = new RestoreTarget { Exec = new global::Walle.Crds.V1.RestoreCommandTarget { Name = "db" } },
    });

    private static RestoreObservation Starting() => (RestoreStage.Fresh(Into()) with { Command = Plan }).Stored();

    /// <summary>Its worker runs and has leave.</summary>
    private static RestoreObservation Fed() => Starting().WithPod(Worker(), Worker().Pod().Running()).Stored();

    private static JobBuilder Worker() => new(ResourceNames.RestoreJob(A.Uid, 1), "feed");

    private static k8s.Models.V1PodSpec Job(RestoreObservation observation) => ((PipelineAction.CreateJob)observation.Decide().Action!).Manifest.Spec.Template.Spec;

    private static void Fails(RestoreObservation observation, Reason reason, string told)
    {
        var status = observation.Decide().Status;
        Assert.That((status.Reason, status.IsTrue(ConditionTypes.Failed)), Is.EqualTo((reason.ToString(), true)), status.Message);
        Assert.That(status.Message, Does.Contain(told));
    }
}
