using NUnit.Framework;
using Walle.Tests.Cluster;
using Walle.Tests.Storage;

[assembly: Parallelizable(ParallelScope.Children)]
[assembly: LevelOfParallelism(4)]
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]

namespace Walle.Tests;

/// <summary>Ends the shared cluster with the run. It starts by itself on first use, so a run of unit tests alone has none.</summary>
[SetUpFixture]
public sealed class ClusterLifetime
{
    [OneTimeTearDown]
    public async Task StopClusterAsync()
    {
        await SharedStorage.StopAsync();
        await TestCluster.StopSharedAsync();
    }
}
