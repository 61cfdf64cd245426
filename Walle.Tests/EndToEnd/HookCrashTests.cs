using System.Globalization;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.V1;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd;

/// <summary>The controller is killed while an application is held: it is let go, each time, soon after the controller is back.</summary>
[NonParallelizable]
public sealed class HookCrashTests : WorkloadTest
{
    /// <summary>The part that is Walle's: what the process takes to start, to see the cluster and to find the open window.</summary>
    private const double AfterRestart = 5;

    /// <summary>On a machine that is busy with other tests, the controller alone may take that long to start.</summary>
    private const double LongestAfterRestart = 30;

    // In the node's own time, which the Pod and this test can both read.
    private const string Now = "cut -d' ' -f1 /proc/uptime";

    [TestCase(5)]
    [TestCase(20, Explicit = true, Reason = "takes seven minutes")]
    public async Task KilledController_RunsTheAfterHookEveryTime(int kills)
    {
        var image = await Cluster.LoadToolboxAsync();
        await AllowHooksAsync();
        await CreateSecretAsync();
        await CreateStatefulSetAsync("db", new Dictionary<string, string>
        {
            [HookAnnotation.Before] = $"echo before $({Now}) >> /data/hooks; sleep 1", [HookAnnotation.After] = $"echo after $({Now}) >> /data/hooks",
        }, image, ["sh", "-c", "while true; do sleep 1; done"], volumes: "data");
        await SetFaultAsync("data-db-0", $"{Fault.SlowCut}:1s");
        var random = new Random(20);
        List<double> thaws = [];
        var killedInWindow = 0;
        for (var run = 1; run <= kills; run++)
        {
            var before = (await LinesAsync("db-0", "/data/hooks")).Length;
            await CreateWorkloadBackupAsync($"run-{run}", SourceKind.StatefulSet, "db");
            await Eventually(async () => (await LinesAsync("db-0", "/data/hooks")).Length > before, BackupDeadline, () => "the before-hook has not begun");
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(2500)), TimeProvider.System);
            await Walle.Controller.KillAsync();
            var held = (await LinesAsync("db-0", "/data/hooks")).Last().StartsWith("before", StringComparison.Ordinal);
            var restart = double.Parse(await Cluster.Node.RunAsync("sh", "-c", Now), CultureInfo.InvariantCulture);
            Walle.Controller.Start();
            var status = await EndOfAsync($"run-{run}");
            var lines = (await LinesAsync("db-0", "/data/hooks"))[before..];
            Assert.That(lines[^1], Does.StartWith("after"), $"run {run}: {status.Reason}: {status.Message}\n{string.Join('\n', lines)}");
            Assert.That(status.Phase, Is.EqualTo(BackupPhase.Succeeded), $"run {run}: {status.Message}");
            if (!held)
                continue;
            killedInWindow++;
            var thawed = double.Parse(lines.First(line => line.StartsWith("after", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
            await TestContext.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"run {run}: thawed {thawed - restart:0.0} s after the restart, {lines.Length} hooks"));
            thaws.Add(thawed - restart);
        }

        await TestContext.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{killedInWindow} of {kills} kills were inside the window; thaws after the restart: {string.Join(' ', thaws.Select(thaw => thaw.ToString("0.0", CultureInfo.InvariantCulture)))} s"));
        Assert.That(killedInWindow, Is.GreaterThan(kills / 3), "the kills are at the instants that matter");
        Assert.That(thaws.Order().ElementAt(thaws.Count / 2), Is.LessThan(AfterRestart + 1), "half of them: restart + 5 s, and the second that the driver takes to cut");
        Assert.That(thaws.Max(), Is.LessThan(LongestAfterRestart));
    }
}
