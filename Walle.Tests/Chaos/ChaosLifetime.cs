using NUnit.Framework;

namespace Walle.Tests.Chaos;

/// <summary>Ends the cluster of the tests of this namespace with them.</summary>
[SetUpFixture]
public sealed class ChaosLifetime
{
    [OneTimeTearDown]
    public Task StopAsync() => ChaosCluster.StopSharedAsync();
}
