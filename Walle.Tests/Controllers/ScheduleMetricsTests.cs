using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Walle.Controller.Controllers;
using Walle.Controller.Pipeline.Slots;
using Walle.Controller.Projections;
using Walle.Controller.Queue;
using Walle.Controller.Reconcilers;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;
using Walle.Tests.Fakes;
using Walle.Tests.Reconcilers;

namespace Walle.Tests.Controllers;

internal sealed class ScheduleMetricsTests
{
    [Test]
    public void Prune_check_and_health_are_told_of_the_schedules_that_have_them()
    {
        using var meter = new Meter("Walle");
        using var metrics = new RecordedMetrics(meter);
        var time = new FakeTimeProvider(A.Noon);
        using var queue = new RateLimitingQueue<ReconcileRequest>(new RateLimitingQueueOptions(), time, new QueueMetrics<ReconcileRequest>(meter, time, request => request.Kind), request => request.Group);
        var schedules = new FakeLister<ScheduleProjection>((_, _) => null);
        _ = new ScheduleMetrics(meter, schedules, new SlotLedger(new SlotLimits(), queue, time));
        Put("plain", new BackupScheduleSpec(), new BackupScheduleStatus());
        Put("cared-for", new BackupScheduleSpec { Prune = new PruneSpec(), Check = new CheckSpec() }, new BackupScheduleStatus
        {
            LastPrune = new PruneStatus { LastSuccessfulTime = A.Noon },
            Conditions = [new Condition { Type = ConditionTypes.RepositoryHealthy, Status = ConditionStatus.False }],
        });

        Assert.Multiple(() =>
        {
            Assert.That(metrics["walle_prune_last_success_timestamp_seconds{namespace=shop,schedule=cared-for}"], Is.EqualTo(A.Noon.ToUnixTimeSeconds()));
            Assert.That(metrics["walle_check_last_success_timestamp_seconds{namespace=shop,schedule=cared-for}"], Is.Zero);
            Assert.That(metrics["walle_repository_healthy{namespace=shop,schedule=cared-for}"], Is.Zero);
            Assert.That(metrics["walle_prune_last_success_timestamp_seconds{namespace=shop,schedule=plain}"], Is.Null);
            Assert.That(metrics["walle_repository_healthy{namespace=shop,schedule=plain}"], Is.Null);
            Assert.That(metrics["walle_schedule_ready{namespace=shop,schedule=plain}"], Is.Zero);
        });

        void Put(string name, BackupScheduleSpec spec, BackupScheduleStatus status)
        {
            var schedule = new ScheduleProjection(new BackupSchedule { Metadata = new ObjectMeta { Name = name, Namespace = "shop", Uid = name }, Spec = spec, Status = status });
            schedules.Items[schedule.Name] = schedule;
        }
    }
}
