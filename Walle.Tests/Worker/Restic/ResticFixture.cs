using NUnit.Framework;

namespace Walle.Tests.Worker.Restic;

/// <summary>Tests that run the worker with the real restic.</summary>
[Category("Restic")]
public abstract class ResticFixture
{
    private WorkerSandbox? _sandbox;

    private protected WorkerSandbox Sandbox => _sandbox!;

    [OneTimeSetUp]
    public static void ResticIsThere() =>
        Assert.That(Shell.Run("restic version || true"), Does.Match(@"^restic (0\.(1[89]|[2-9]\d)|[1-9])"), "needs restic 0.18 or newer: `source hack/cluster/packages.sh; install_packages -t trixie restic restic-rest-server`");

    [SetUp]
    public void MakeSandbox() => _sandbox = new WorkerSandbox();

    [TearDown]
    public void RemoveSandbox() => _sandbox?.Dispose();

    private protected static void NeedsRoot()
    {
        if (Shell.Run("id -u") != "0")
            Assert.Ignore("needs root: it makes files of several owners");
    }
}
