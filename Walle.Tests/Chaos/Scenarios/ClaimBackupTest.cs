using NUnit.Framework;
using Walle.Crds.V1;

namespace Walle.Tests.Chaos.Scenarios;

/// <summary>One claim, backed up for the first time: the repository is initialised, too.</summary>
public abstract class ClaimBackupTest : CrashMatrixTest
{
    protected const string Name = "claim-backup";
    private protected const string Job = "first";

    protected override string Scenario => Name;

    protected override async Task PrepareAsync()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "head -c 300000 /dev/urandom > large; mkdir d; echo content > d/file; ln d/file hard; ln -s d/file soft; chown 5:6 large; chmod 0600 large");
        await CreateSecretAsync();
    }

    protected override Task ActAsync() => CreateBackupAsync(Job, Claim);

    protected override async Task EndAsync() => await EndOfAsync(Job);

    protected override async Task ProveAsync()
    {
        var status = await EndOfAsync(Job);
        Assert.That(status.Phase, Is.EqualTo(BackupPhase.Succeeded), status.Message);
        await IsIdenticalAsync(status, Claim);
    }
}
