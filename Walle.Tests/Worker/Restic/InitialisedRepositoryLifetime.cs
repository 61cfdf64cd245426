using NUnit.Framework;

namespace Walle.Tests.Worker.Restic;

[SetUpFixture]
public class InitialisedRepositoryLifetime
{
    [OneTimeTearDown]
    public void Remove() => WorkerSandbox.RemoveInitialisedRepository();
}
