using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Tests.EndToEnd;

/// <summary>The worker's image is taken out of the node for a while: nothing else may run meanwhile.</summary>
[NonParallelizable]
public sealed class WorkerImageTests : EndToEndTest
{
    private const string Image = "docker.io/walle/worker:dev";
    private const string Kept = "docker.io/walle/worker:kept";

    [Test]
    public async Task ImageThatCannotBePulled_Fails_ImagePullFailed()
    {
        await CreateClaimAsync("data");
        await CreateSecretAsync();
        await RenameImageAsync(Image, Kept);
        try
        {
            await CreateBackupAsync("doomed", "data", new BackupOptions { StartTimeoutSeconds = 10 });
            await EndsWithAsync("doomed", Reason.ImagePullFailed, "walle/worker:dev");
        }
        finally
        {
            await RenameImageAsync(Kept, Image);
        }
    }

    private Task<string> RenameImageAsync(string from, string to) => Cluster.Node.RunAsync(
        "sh", "-euc", $"ctr=$(command -v ctr >/dev/null && echo ctr || echo 'k3s ctr'); $ctr -n k8s.io images tag --force {from} {to}; $ctr -n k8s.io images rm {from}");
}
