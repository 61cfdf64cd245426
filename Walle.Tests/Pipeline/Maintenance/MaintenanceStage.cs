using System.Text.Json;
using Walle.Controller.Pipeline.Maintenance;
using Walle.Controller.Pipeline.Schedules;
using Walle.Controller.Pipeline.Slots;
using Walle.Controller.Projections;
using Walle.Controller.Scheduling;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.Json;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline.Maintenance;

/// <summary>A schedule with prune and check, and the cluster around it; each step is one reconcile.</summary>
internal sealed class MaintenanceStage
{
    private static readonly SlotAnswer Busy = new(1, 1, "2 backups use the repository", IsNews: true);

    public BackupScheduleSpec Spec { get; set; } = new()
    {
        Schedule = "0 2 * * *",
        Repository = new ScheduleRepository { SecretRef = new SecretReference { Name = A.Secret } },
        Retention = new RetentionPolicy { KeepLast = 1 },
        Prune = new PruneSpec { Schedule = "0 4 * * *" },
        Check = new CheckSpec { Schedule = "0 5 * * *", ReadDataParts = 3 },
    };

    public Dictionary<string, string> Annotations { get; } = [];

    public BackupScheduleStatus Status { get; set; } = new() { ObservedGeneration = 1 };

    public DateTimeOffset Now { get; set; } = A.Noon;

    public bool IsFree { get; set; } = true;

    public bool SpecIsInvalid { get; set; }

    public List<JobProjection> Jobs { get; } = [];

    public List<PodProjection> Pods { get; } = [];

    public Dictionary<string, LockHolder> Holders { get; } = [];

    public List<ScheduleEvent> Events { get; } = [];

    public PruneStatus Prune => Status.LastPrune!;

    public CheckStatus Check => Status.LastCheck!;

    public Condition? Health => Status.Conditions?.Find(condition => condition.Type == ConditionTypes.RepositoryHealthy);

    /// <summary>One reconcile: either the status is written, or the action is done; as in the reconciler.</summary>
    public MaintenanceDecision Step()
    {
        var schedule = new BackupSchedule
        {
            Metadata = new ObjectMeta { Name = "nightly", Namespace = A.Namespace, Uid = A.Uid, Generation = 1, CreationTimestamp = A.Noon.AddDays(-100), Annotations = Annotations },
            Spec = Spec,
            Status = Status,
        };
        var observation = new ScheduleObservation
        {
            Schedule = schedule,
            Now = Now,
            PruneTimes = Spec.Prune is null ? null : Times(Spec.Prune.Schedule, HashSeed.Prune),
            CheckTimes = Spec.Check is null ? null : Times(Spec.Check.Schedule, HashSeed.Check),
            Maintenance = new MaintenanceObservation
            {
                Schedule = schedule, Now = Now, Settings = A.Settings, Verb = MaintenanceRuns.UnderWay(Status)?.Verb, Slot = IsFree ? SlotAnswer.Given : Busy, Jobs = Jobs, Pods = Pods, Holders = Holders,
            },
        };
        var decision = SpecIsInvalid ? MaintenancePipeline.Abandon(observation, Status) : MaintenancePipeline.Decide(observation, Status);
        var written = JsonSerializer.Serialize(decision.Status, CrdJsonContext.Default.BackupScheduleStatus) != JsonSerializer.Serialize(Status, CrdJsonContext.Default.BackupScheduleStatus);
        Status = decision.Status;
        if (decision.Event is { } happened && written)
            Events.Add(happened);
        if (written)
            return decision with { Action = null };
        if (decision.Action is ScheduleAction.CreateJob { Manifest: var manifest })
            Jobs.Add(new JobBuilder(manifest.Metadata.Name, manifest.Metadata.Labels[WellKnown.VerbLabel]).CreatedAt(Now));
        else if (decision.Action is ScheduleAction.DeleteJob delete)
            Jobs.RemoveAll(job => job.Name.Name == delete.Name);
        return decision;
    }

    /// <summary>Steps until a worker is made; its manifest.</summary>
    public k8s.Models.V1Job StepToWorker()
    {
        for (var i = 0; i < 20; i++)
        {
            if (Step().Action is ScheduleAction.CreateJob { Manifest: var manifest })
                return manifest;
        }

        throw new InvalidOperationException($"no worker is made: {JsonSerializer.Serialize(Status, CrdJsonContext.Default.BackupScheduleStatus)}");
    }

    public void StepUntilIdle()
    {
        for (var i = 0; i < 20; i++)
        {
            var before = Status;
            if (Step() is { Action: null } && before == Status)
                return;
        }
    }

    /// <summary>The last worker ends like that; null: it is killed.</summary>
    public PodBuilder End(WorkerResult? result)
    {
        var job = Jobs[^1];
        var pod = A.PodOf(new JobBuilder(job.Name.Name, job.Verb!));
        pod = result is null ? pod.Ended(137, null) : pod.Ended(result.ExitCode, JsonSerializer.Serialize(result, CrdJsonContext.Default.WorkerResult));
        Pods.Add(pod.With(ended => ended with { FinishedAt = Now }));
        return pod;
    }

    private static CronSchedule Times(string expression, string purpose) =>
        CronSchedule.TryParse(expression, "UTC", new HashSeed(A.Namespace, "nightly", purpose), out var times, out var problem) ? times! : throw new InvalidOperationException(problem);
}
