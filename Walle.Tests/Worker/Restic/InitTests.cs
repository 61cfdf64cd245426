using NUnit.Framework;
using Walle.Crds.Contracts;

namespace Walle.Tests.Worker.Restic;

public class InitTests : ResticFixture
{
    [Test]
    public async Task Twice_is_once()
    {
        var first = await Sandbox.InitAsync();
        var second = await Sandbox.InitAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((first.ExitCode, first.Result.RepositoryId?.Length), Is.EqualTo((0, (int?)64)), first.ToString());
            Assert.That((second.ExitCode, second.Result.RepositoryId), Is.EqualTo((0, first.Result.RepositoryId)), second.ToString());
            Assert.That(Directory.GetFiles($"{Sandbox.Repository}/keys"), Has.Length.EqualTo(1));
            Assert.That(second.Output, Does.Not.Contain("chunker"));
        }
    }

    [Test]
    public async Task A_repository_with_another_password_is_not_taken_for_ours()
    {
        Sandbox.WithRepository().Variables["RESTIC_PASSWORD"] = "canary-of-another-kind";
        var run = await Sandbox.InitAsync();
        Assert.That((run.ExitCode, run.Result.Reason), Is.EqualTo((WorkerExitCode.WrongPassword, "WrongPassword")), run.ToString());
    }

    [TestCase("rm config", "already contains keys")]
    [TestCase(": > config", "zero size")]
    [TestCase("truncate -s 50 config", "damaged")]
    public async Task What_is_half_there_is_left_as_it_is(string damage, string named)
    {
        Sandbox.WithRepository();
        Shell.Run($"chmod -R u+w .; {damage}", Sandbox.Repository);
        var before = WorkerSandbox.Manifest(Sandbox.Repository);
        var run = await Sandbox.InitAsync();
        Assert.That((run.ExitCode, run.Result.Reason), Is.EqualTo((1, "InitializationFailed")), run.ToString());
        Assert.That(run.Result.Message, Does.Contain(named));
        Assert.That(WorkerSandbox.Manifest(Sandbox.Repository), Is.EqualTo(before));
    }

    [TestCase(403, "RepositoryAccessDenied")]
    [TestCase(507, "RepositoryFull")]
    [TestCase(500, "RepositoryUnreachable")]
    public async Task A_server_that_refuses_has_its_reason(int status, string reason)
    {
        using var server = new StubbornServer(status, "");
        Sandbox.Variables["RESTIC_REPOSITORY"] = $"rest:http://127.0.0.1:{server.Port}/";
        Assert.That((await Sandbox.InitAsync()).Result.Reason, Is.EqualTo(reason));
    }
}
