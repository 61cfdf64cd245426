using NUnit.Framework;

namespace Walle.Tests.Chaos.Scenarios;

/// <summary>The namespace is deleted in the middle of an upload: it goes, and takes nothing of the repository with it.</summary>
public sealed class DeletedNamespaceCrashTests : DeletionCrashTest
{
    private const string Name = "namespace-deleted";

    /// <summary>The finalizer of a BackupJob may hold on for ten minutes; nothing here gives it a reason to.</summary>
    private static readonly TimeSpan Gone = TimeSpan.FromMinutes(2);

    protected override string Scenario => Name;

    [Test]
    public Task DeletedNamespace_IsAsRecorded() => IsAsRecordedAsync();

    [TestCaseSource(typeof(CrashPoints), nameof(CrashPoints.Of), new object[] { Name, 1 })]
    public Task DeletedNamespace(object point) => SurvivesAsync((CrashPoint)point);

    protected override async Task ActAsync()
    {
        await CreateBackupAsync("slow", Claim, Slow);
        await UploadsAsync();
    }

    protected override Task EndAsync() => DeleteNamespaceAndWaitAsync(Gone);
}
