using Walle.Controller.Pipeline.Schedules;
using Walle.Controller.Pipeline.Selection;
using Walle.Controller.Projections;
using Walle.Controller.Scheduling;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline.Schedules;

/// <summary>A schedule "nightly" at half past each hour, made at 12:00, that selects the claim "data"; brought further by the pipeline itself.</summary>
internal static class ScheduleStage
{
    public const string Uid = "77777777-0000-4000-8000-000000000001";

    private static readonly StorageFacts Storage = new(new Dictionary<string, string> { [A.StorageClass] = A.Driver }, [new("std", A.Driver, IsDefault: true)]);

    public static ScheduleObservation Fresh(Func<BackupScheduleSpec, BackupScheduleSpec>? change = null)
    {
        var spec = new BackupScheduleSpec { Schedule = "30 * * * *", Selectors = [new()], Repository = new() { SecretRef = new() { Name = A.Secret } } };
        return new ScheduleObservation
        {
            Schedule = new BackupSchedule
            {
                Metadata = new ObjectMeta { Name = "nightly", Namespace = A.Namespace, Uid = Uid, Generation = 1, ResourceVersion = "1", CreationTimestamp = A.Noon },
                Spec = change?.Invoke(spec) ?? spec,
            },
            Now = A.Noon,
        }.Selecting(A.Claim());
    }

    public static ScheduleObservation Selecting(this ScheduleObservation observation, params IReadOnlyList<ClaimProjection> claims) => Read(observation) with
    {
        Selection = SourceSelection.Select(new SelectionInput(observation.Schedule.Spec, claims, new Dictionary<string, IReadOnlyList<WorkloadProjection>>(), Storage)),
    };

    public static ScheduleDecision Decide(this ScheduleObservation observation) => SchedulePipeline.Decide(observation);

    public static ScheduleObservation At(this ScheduleObservation observation, string time) =>
        observation with { Now = DateTimeOffset.Parse($"2026-11-22T{time}Z", System.Globalization.CultureInfo.InvariantCulture) };

    /// <summary>The status that was decided is written.</summary>
    public static ScheduleObservation Stored(this ScheduleObservation observation) =>
        observation with { Schedule = observation.Schedule with { Status = observation.Decide().Status } };

    /// <summary>What was decided is done: BackupJobs are there, or gone.</summary>
    public static ScheduleObservation Acted(this ScheduleObservation observation)
    {
        var jobs = observation.Jobs.ToList();
        foreach (var action in observation.Decide().Actions)
        {
            if (action is ScheduleAction.CreateBackupJob create)
                jobs.Add(create.Manifest with { Metadata = create.Manifest.Metadata with { Uid = $"uid-of-{create.Manifest.Metadata.Name}", CreationTimestamp = observation.Now } });
            else if (action is ScheduleAction.DeleteBackupJob delete)
                jobs.RemoveAll(job => job.Metadata.Uid == delete.Uid);
        }

        return observation with { Jobs = jobs, RepositoryJobs = jobs };
    }

    /// <summary>A run for 12:30 whose BackupJob is there.</summary>
    public static ScheduleObservation Running(Func<BackupScheduleSpec, BackupScheduleSpec>? change = null) => Fresh(change).Stored().At("12:30:00").Stored().Acted().Stored();

    /// <summary>All BackupJobs that run end like this.</summary>
    public static ScheduleObservation Ended(this ScheduleObservation observation, bool succeeded)
    {
        List<BackupJob> jobs = [.. observation.Jobs.Select(job => job.Status is null ? End(job, observation.Now, succeeded) : job)];
        return observation with { Jobs = jobs, RepositoryJobs = jobs };
    }

    public static BackupJob End(BackupJob job, DateTimeOffset at, bool succeeded) => job with
    {
        Status = new BackupJobStatus
        {
            CompletionTime = at,
            Volumes = [new VolumeStatus { ClaimName = A.ClaimName, ClaimUid = A.ClaimUid, SnapshotTime = at, ResticSnapshotId = A.SnapshotId }],
            Conditions =
            [
                new Condition { Type = succeeded ? ConditionTypes.Complete : ConditionTypes.Failed, Status = ConditionStatus.True, Reason = "r" },
                new Condition { Type = ConditionTypes.Admitted, Status = ConditionStatus.True, Reason = "r" },
                new Condition { Type = ConditionTypes.CleanedUp, Status = ConditionStatus.True, Reason = "r" },
            ],
        },
    };

    public static Condition? Condition(this ScheduleDecision decision, string type) => decision.Status.Conditions?.Find(condition => condition.Type == type);

    private static ScheduleObservation Read(ScheduleObservation observation)
    {
        var spec = observation.Schedule.Spec;
        CronSchedule.TryParse(spec.Schedule, spec.TimeZone, new HashSeed(A.Namespace, "nightly", HashSeed.Backup), out var times, out var problem);
        return observation with { Times = times, Problem = problem };
    }
}
