using NUnit.Framework;

namespace Walle.Tests.EndToEnd;

/// <summary>Ends the controller before the cluster goes away under it.</summary>
[SetUpFixture]
public sealed class EndToEndTearDown
{
    [OneTimeTearDown]
    public Task StopAsync() => WalleUnderTest.DisposeSharedAsync();
}
