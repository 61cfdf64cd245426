using CsCheck;
using NUnit.Framework;
using Walle.Crds.V1;

namespace Walle.Tests.Pipeline.Simulation;

/// <summary>
/// Whole runs in memory, with faults drawn from a seed: lost writes, lost answers, refusals, stores that lag, restarts, disturbances and clock steps.
/// Each must end, in bounded steps, in a terminal phase, with nothing left. A failure names its seed: put it into <see cref="One_run"/>.
/// </summary>
internal sealed class SimulationTests
{
    private const string Gone = "gone";
    private const int Runs = 1000;
    private const int MaxSteps = 2500;

    // With 20 evictions, errors that change and faults in between.
    private const int MaxWrites = 400;

    [Test]
    public void Every_run_ends_with_nothing_left()
    {
        var ends = new HashSet<string>();
        Gen.Int[0, int.MaxValue].Sample(seed => { ends.Add(Simulate(seed)); }, iter: Runs, threads: 1, print: seed => $"run {seed}");
        Assert.That(ends, Is.SupersetOf(new[] { BackupPhase.Succeeded, BackupPhase.PartiallySucceeded, BackupPhase.Failed, Gone }), "a simulation that does not get everywhere shows nothing");
    }

    [TestCase(1)]
    public void One_run(int seed) => Assert.That(Simulate(seed), Is.Not.Empty);

    private static string Simulate(int seed)
    {
        var random = new Random(seed);
        var cluster = new Cluster(random);
        var controller = new SimulatedController(cluster, random) { Faults = random.Next(3) * 15 };
        controller.HearAll();
        try
        {
            Trouble(random, cluster, controller);
            controller.Faults = 0;
            controller.Restart();
            Calm(cluster, controller);
            Assert.That(controller.Writes, Is.LessThan(MaxWrites), "writes without end");
        }
        catch (Exception exception)
        {
            Assert.Fail($"run {seed}: {exception.Message}\n{string.Join('\n', controller.Log.TakeLast(60))}");
        }

        return cluster.BackupJob?.Status?.Phase ?? Gone;
    }

    private static void Trouble(Random random, Cluster cluster, SimulatedController controller)
    {
        for (var step = random.Next(150); step > 0; step--)
        {
            switch (random.Next(20))
            {
                case < 7: controller.Reconcile(); break;
                case < 12: controller.Hear(random.Next(5)); break;
                case < 16: cluster.Progress(); break;
                case 16 when random.Next(4) == 0: cluster.Disturb(); break;
                case 17 when random.Next(4) == 0: controller.Restart(); break;
                case 18 when random.Next(30) == 0: cluster.Now += TimeSpan.FromHours(random.Next(12)); break;
                default: cluster.Now += TimeSpan.FromSeconds(random.Next(15)); break;
            }
        }
    }

    /// <summary>Nothing is lost any more: what is not finished goes on by events and by the times to look again alone.</summary>
    private static void Calm(Cluster cluster, SimulatedController controller)
    {
        for (var step = 0; step < MaxSteps; step++)
        {
            controller.HearAll();
            if (cluster is { BackupJob: null, HasLeftovers: false } || IsFinished(cluster))
            {
                return;
            }

            var (wrote, after) = controller.Reconcile();
            if (wrote)
            {
                // A refusal or a look that comes to nothing is tried again after a time, never at once.
                cluster.Now += TimeSpan.FromMilliseconds(200);
                continue;
            }

            if (!cluster.Progress())
            {
                Assert.That(after, Is.Not.Null, $"nothing happens and nobody looks again: {cluster.BackupJob?.Status}");
                cluster.Now += after!.Value;
            }
        }

        Assert.Fail($"not finished after {MaxSteps} steps: {cluster.BackupJob?.Status?.Phase} {cluster.BackupJob?.Status?.Message}");
    }

    private static bool IsFinished(Cluster cluster) =>
        cluster is { HasLeftovers: false, BackupJob: { Metadata.DeletionTimestamp: null, Metadata.Finalizers: not { Count: > 0 }, Status: { } status } }
        && status.Phase is BackupPhase.Succeeded or BackupPhase.PartiallySucceeded or BackupPhase.Failed or BackupPhase.Cancelled
        && cluster.BackupJob!.Status!.Conditions!.Exists(condition => condition is { Type: "CleanedUp", Status: "True" });
}
