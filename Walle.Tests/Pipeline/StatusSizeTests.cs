using System.Text.Json;
using NUnit.Framework;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Hooks;
using Walle.Controller.Pipeline.Selection;
using Walle.Crds.Conditions;
using Walle.Crds.Json;
using Walle.Crds.V1;
using Walle.Tests.Builders;
using Walle.Tests.Pipeline.Schedules;

namespace Walle.Tests.Pipeline;

/// <summary>However much goes wrong at once, and with whatever messages: a status that etcd refuses (1.5 MiB) could never be written again.</summary>
internal sealed class StatusSizeTests
{
    private const int Most = 1024 * 1024;
    private static readonly string Endless = string.Concat(Enumerable.Repeat("driver: ünïcode ☃ \"quoted\" \\ ", 5_000));

    [Test]
    public void Of_a_workload_whose_64_volumes_all_fail_with_endless_messages()
    {
        BackupJob job = A.BackupJob().WithSource(new BackupSource { Kind = SourceKind.StatefulSet, Name = "db" });
        var names = Enumerable.Range(0, 64).Select(number => $"{number:00}{new string('n', 251)}").ToList();
        var whole = Stage.Fresh(job) with
        {
            Source = null,
            SourceDriver = null,
            Workload = new WorkloadFacts { Kind = SourceKind.StatefulSet, Name = "db", Claims = names },
            Plan = HookPlan.None,
            Claims = [.. names.Select(name => new SourceClaim(name, A.Claim().With(claim => claim with { Name = new NamespacedName("shop", name) }), A.Driver, OptedOut: false))],
        };
        var accepted = whole.Decide().Status;
        Assert.That(accepted.Volumes, Has.Count.EqualTo(64), accepted.Message);
        whole = whole with { Job = job with { Status = accepted } };
        whole = (whole with
        {
            Parts = [.. VolumeViews.Of(whole, accepted).Select(part => part with
            {
                Source = A.Claim().With(claim => claim with { Name = new NamespacedName("shop", part.ClaimName) }),
                Snapshot = A.Snapshot().WithError(Endless).With(snapshot => snapshot with { Name = new NamespacedName("shop", ResourceNames.Snapshot(A.Uid, part.ClaimName)) }),
            })],
        }).Settled();
        var failing = whole.Decide().Status;
        var later = whole.Now.AddHours(12);
        var failed = (whole.Settled() with { Now = later, Parts = [.. whole.Parts.Select(part => part with { Now = later })] }).Settled().Decide().Status;

        Assert.Multiple(() =>
        {
            Assert.That(failed.Volumes!.Count(volume => volume.Phase == BackupPhase.Failed), Is.EqualTo(64), failed.Message);
            Assert.That(JsonSerializer.SerializeToUtf8Bytes(failing, CrdJsonContext.Default.BackupJobStatus), Has.Length.InRange(64 * 512, Most));
            Assert.That(JsonSerializer.SerializeToUtf8Bytes(failed, CrdJsonContext.Default.BackupJobStatus), Has.Length.InRange(64 * 512, Most));
        });
    }

    [Test]
    public void Of_a_schedule_with_5000_candidates()
    {
        var observation = ScheduleStage.Fresh();
        var sources = Enumerable.Range(0, 5_000).Select(number => new LeftOutSource(SourceKind.PersistentVolumeClaim, $"{number:0000}{new string('n', 249)}", Reason.OptedOut, Endless)).ToList();
        var status = (observation with { Selection = observation.Selection with { LeftOut = sources } }).Decide().Status;
        Assert.That(status.Selected, Has.Count.InRange(100, 512));
        Assert.That(JsonSerializer.SerializeToUtf8Bytes(status, CrdJsonContext.Default.BackupScheduleStatus), Has.Length.InRange(100 * 1024, Most));
    }
}
