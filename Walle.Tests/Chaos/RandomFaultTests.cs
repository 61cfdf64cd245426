using System.Globalization;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.V1;

namespace Walle.Tests.Chaos;

/// <summary>
/// A claim, a workload that is held, and a restore, with three faults by lot in one run. The seed in the name of a case is all that is needed to play it
/// again: <c>TEST_SEEDS=17-17 make chaos TEST_FILTER=Name~Seed</c>.
/// </summary>
public sealed class RandomFaultTests : CrashMatrixTest
{
    private const string Name = "backups-and-restore";
    private const string Target = "target";

    /// <summary>How much more may be written: each of three faults may strike a dozen times.</summary>
    private const int Faults = 12;

    protected override string Scenario => Name;

    protected override string Kind => "seed";

    protected override bool StrikesFromTheStart => true;

    /// <summary>TEST_SEEDS: from-to; else one, in the long run thirty.</summary>
    private static IEnumerable<int> Seeds()
    {
        var range = (Environment.GetEnvironmentVariable("TEST_SEEDS") ?? (CrashPoints.All ? "1-30" : "1-1")).Split('-').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return Enumerable.Range(range[0], range[1] - range[0] + 1);
    }

    [Test]
    public Task BackupsAndRestore_IsAsRecorded() => IsAsRecordedAsync();

    [TestCaseSource(nameof(Seeds))]
    public async Task Seed(int seed)
    {
        var run = await SurvivesAsync($"{seed}", ApiFaults.Random(seed), Faults);
        TestContext.Out.WriteLine(string.Join('\n', run.Trace));
    }

    protected override async Task PrepareAsync()
    {
        var image = await Cluster.LoadToolboxAsync();
        await AllowHooksAsync();
        await CreateSecretAsync();
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "head -c 300000 /dev/urandom > large; mkdir d; echo content > d/file; ln d/file hard; chown 5:6 large");
        await CreateStatefulSetAsync("db", new Dictionary<string, string>
        {
            [HookAnnotation.Before] = "echo before >> /data/hooks", [HookAnnotation.After] = "echo after >> /data/hooks",
        }, image, ["sh", "-c", "while true; do sleep 1; done"], volumes: "data");
    }

    protected override async Task ActAsync()
    {
        await CreateBackupAsync("claim", Claim);
        await CreateWorkloadBackupAsync("workload", SourceKind.StatefulSet, "db");
        await EndOfAsync("claim");
        await CreateRestoreAsync("undo", FromClaim(Claim, Target, new NewClaim()));
    }

    protected override async Task EndAsync()
    {
        await EndOfAsync("workload");
        await EndOfRestoreAsync("undo");
    }

    protected override async Task ProveAsync()
    {
        await IsIdenticalAsync(await EndOfAsync("claim"), Claim);
        Assert.That(await ManifestOfClaimAsync(Target), Is.EqualTo(await ManifestOfClaimAsync(Claim)), "I3");
        var hooks = await LinesAsync("db-0", "/data/hooks");
        Assert.That((hooks[0], hooks[^1]), Is.EqualTo(("before", "after")), "I5");
    }
}
