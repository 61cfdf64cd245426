using System.Diagnostics;
using NUnit.Framework;

namespace Walle.Tests.Worker.Restic;

public class InterruptionTests : ResticFixture
{
    [SetUp]
    public void MuchToSave()
    {
        Shell.Run("head -c 150000000 /dev/urandom > big", Sandbox.Volume);
        Sandbox.WithRepository();
    }

    [TestCase("TERM")]
    [TestCase("INT")]
    public async Task Asked_to_stop_it_gives_the_lock_back_and_leaves_no_snapshot(string signal)
    {
        var run = await InterruptedAsync(worker => $"kill -{signal} {worker.Id}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((run.ExitCode, run.Result.Reason, run.Result.Message), Is.EqualTo((1, "Cancelled", "stopped by SIGTERM")), run.ToString());
            Assert.That(Directory.GetFiles($"{Sandbox.Repository}/locks"), Is.Empty);
            Assert.That(Sandbox.Snapshots(), Is.Zero);
        }
    }

    [Test]
    public async Task A_killed_restic_is_a_failure_and_the_next_backup_succeeds()
    {
        var run = await InterruptedAsync(worker => $"kill -KILL $(cat /proc/{worker.Id}/task/*/children)");
        Assert.That((run.ExitCode, run.Result.Reason, run.Result.Message), Is.EqualTo((1, "ResticFailed", "restic was killed by signal 9")), run.ToString());
        Assert.That(Sandbox.Snapshots(), Is.Zero);
        Assert.That((await Sandbox.BackUpAsync()).ExitCode, Is.Zero);
        Sandbox.Restic("check --read-data -q --no-lock");
    }

    private async Task<WorkerRun> InterruptedAsync(Func<Process, string> interruption)
    {
        using var pack = new FileAppears($"{Sandbox.Repository}/data");
        return await Sandbox.BackUpAsync(worker =>
        {
            pack.Appeared.GetAwaiter().GetResult();
            Shell.Run(interruption(worker));
        });
    }
}
