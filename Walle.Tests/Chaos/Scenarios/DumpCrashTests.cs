using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.V1;

namespace Walle.Tests.Chaos.Scenarios;

/// <summary>What a command prints, saved by a worker.</summary>
public sealed class DumpCrashTests : CrashMatrixTest
{
    private const string Name = "dump";
    private const string Job = "first";
    private const string Printed = "row one\nrow two\n";

    protected override string Scenario => Name;

    [Test]
    public Task Dump_IsAsRecorded() => IsAsRecordedAsync();

    [TestCaseSource(typeof(CrashPoints), nameof(CrashPoints.Of), new object[] { Name, 1 })]
    public Task Dump(object point) => SurvivesAsync((CrashPoint)point);

    protected override async Task PrepareAsync()
    {
        var image = await Cluster.LoadToolboxAsync();
        await AllowHooksAsync();
        await CreateSecretAsync();
        await CreateStatefulSetAsync("db", new Dictionary<string, string> { [HookAnnotation.Dump] = "printf 'row one\\nrow two\\n'", [HookAnnotation.FileName] = "all.sql" }, image, ["sh", "-c", "while true; do sleep 1; done"], volumes: "data");
    }

    protected override Task ActAsync() => CreateWorkloadBackupAsync(Job, SourceKind.StatefulSet, "db");

    protected override async Task EndAsync() => await EndOfAsync(Job);

    protected override async Task ProveAsync()
    {
        var status = await EndOfAsync(Job);
        Assert.That(status.Phase, Is.EqualTo(BackupPhase.Succeeded), status.Message);
        Assert.That(status.Dumps!.Single().Sha256, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Printed)))));
        Invariants.WhatIsCalledSavedIsThere([status.Dumps!.Single().ResticSnapshotId!], await Chaos.Inspector.SnapshotsAsync(Namespace));
    }
}
