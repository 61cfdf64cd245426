using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Tests.Crds;

/// <summary>JSON of the API's types: nothing is lost on the way, and nothing unexpected ends a list.</summary>
[TestFixture]
public sealed class CrdJsonTests
{
    [Test]
    public void Samples_come_back_as_they_were()
    {
        foreach (var (kind, sample) in Samples.All)
        {
            var type = CrdJsonContext.Default.GetTypeInfo(kind)!;
            var back = JsonSerializer.SerializeToNode(sample.Deserialize(type), type);
            Assert.That(JsonNode.DeepEquals(back, sample), Is.True, back!.ToJsonString());
        }
    }

    [Test]
    public void Statuses_come_back_as_they_were()
    {
        var time = new DateTimeOffset(2026, 11, 20, 3, 0, 0, TimeSpan.Zero);
        List<Condition> conditions = [new() { Type = "Ready", Status = "True", LastTransitionTime = time, Reason = "Accepted", Message = "m" }];
        AssertComesBack(
            new BackupSchedule
            {
                Status = new()
                {
                    ObservedGeneration = 3, LastScheduleTime = time, NextScheduleTime = time, LastSuccessfulTime = time, Protected = "12/14",
                    Active = [new() { Name = "n", Uid = "u", ScheduledFor = time }], LastRunNow = "t", MissedRuns = 3, LastRun = new() { ScheduledFor = time, CreatingSince = time, StartedAt = time, FinishedAt = time, Total = 4, Succeeded = 1, Failed = 1, Running = 2 },
                    Selected = [new() { Kind = "Pod", Name = "n", Claims = [new() { Name = "a", Uid = "u", SelectedSince = time, LastBackupTime = time }], Reason = "r", Message = "m" }], Repository = new() { Id = "i", InitializedAt = time },
                    LastPrune = new() { FinishedAt = time, Result = "r", Message = "m", Forgotten = 1, Kept = 2, BytesRemoved = 3 },
                    LastCheck = new() { Part = 1, Of = 2, FinishedAt = time, Result = "r", Message = "m" }, Conditions = conditions,
                },
            },
            CrdJsonContext.Default.BackupSchedule);
        AssertComesBack(
            new RestoreJob
            {
                Status = new()
                {
                    ObservedGeneration = 3, Phase = RestorePhase.Restoring, Reason = "r", Message = "m", StartTime = time, CompletionTime = time, Duration = "3s", Attempts = 1,
                    FailedAttempts = 1, ResticSnapshotId = "i", SnapshotTime = time, TargetUid = "u", CreatedTarget = true, PlanAttempts = 2, OwnershipRestored = false,
                    PlannedClaim = new PlannedClaim { StorageClassName = "c", Size = "1Gi", BytesNeeded = 5 }, FilesRestored = 1, FilesSkipped = 2, FilesDeleted = 3,
                    BytesRestored = 4, Verified = true, CommandWorker = "u", CommandPod = "p", CommandExitCode = 3, Sha256 = "s", Conditions = conditions,
                },
            },
            CrdJsonContext.Default.RestoreJob);
    }

    [TestCase("""{}""")]
    [TestCase("""{"metadata": null, "spec": null, "status": null}""")]
    [TestCase("""{"kind": "BackupJob", "metadata": {"resourceVersion": "7"}}""", Description = "a bookmark")]
    [TestCase("""{"spec": {"source": null, "repository": null, "options": null}}""")]
    [TestCase("""{"spec": {"repository": {"secretRef": null}, "source": {"name": null}}}""")]
    [TestCase("""{"spec": {"repository": {"secretRef": {"name": null}}, "target": null, "selectors": null, "schedule": null}}""")]
    [TestCase("""{"spec": {"new": 1, "source": {"kind": "CronJob", "new": [{}]}, "options": {"compression": "zip", "new": null}}, "new": {}}""")]
    public void What_is_missing_null_or_unknown_is_read(string json)
    {
        var job = JsonSerializer.Deserialize(json, CrdJsonContext.Default.BackupJob)!;
        var schedule = JsonSerializer.Deserialize(json, CrdJsonContext.Default.BackupSchedule)!;
        var restore = JsonSerializer.Deserialize(json, CrdJsonContext.Default.RestoreJob)!;
        // Each of these would be a NullReferenceException in a reconciler.
        Assert.That(new object?[]
        {
            job.Metadata, job.Spec.Source.Name, job.Spec.Repository.SecretRef.Name, schedule.Metadata, schedule.Spec.Selectors, schedule.Spec.Schedule,
            schedule.Spec.Repository.SecretRef.Name, restore.Metadata, restore.Spec.Source, restore.Spec.Target, restore.Spec.Repository.SecretRef.Name,
        }, Has.None.Null);
    }

    [TestCase("2", "2")]
    [TestCase("1073741824", "1073741824")]
    [TestCase("\"500m\"", "500m")]
    public void Quantity_may_be_a_number(string json, string expected)
    {
        var job = JsonSerializer.Deserialize(
            """{"spec": {"options": {"clone": {"size": VALUE}, "worker": {"resources": {"limits": {"cpu": VALUE}}}}}}""".Replace("VALUE", json, StringComparison.Ordinal),
            CrdJsonContext.Default.BackupJob)!;
        Assert.That(job.Spec.Options!.CloneVolume!.Size, Is.EqualTo(expected));
        Assert.That(job.Spec.Options.Worker!.Resources!.Limits!["cpu"], Is.EqualTo(expected));
    }

    private static void AssertComesBack<T>(T resource, JsonTypeInfo<T> type)
    {
        var json = JsonSerializer.SerializeToNode(resource, type);
        var back = JsonSerializer.SerializeToNode(json.Deserialize(type)!, type);
        Assert.That(JsonNode.DeepEquals(back, json), Is.True, back!.ToJsonString());
        // A field that is forgotten above would prove nothing.
        foreach (var property in typeof(T).GetProperty("Status")!.PropertyType.GetProperties())
            Assert.That(json!["status"]![JsonNamingPolicy.CamelCase.ConvertName(property.Name)], Is.Not.Null, property.Name);
    }
}
