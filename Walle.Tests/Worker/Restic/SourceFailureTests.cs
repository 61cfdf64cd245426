using NUnit.Framework;
using Walle.Crds.Contracts;

namespace Walle.Tests.Worker.Restic;

public class SourceFailureTests : ResticFixture
{
    [SetUp]
    public void AsAnotherUser()
    {
        NeedsRoot();
        Sandbox.WithRepository();
        Shell.Run("chmod -R a+rwX repository cache tmp credentials", Sandbox.Root);
        Sandbox.Prefix.AddRange(["/usr/bin/setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"]);
    }

    [Test]
    public async Task Files_that_cannot_be_read_make_it_partial_and_are_named()
    {
        Shell.Run("echo a > readable; echo b > secret; chmod 0600 secret; mkdir closed; echo c > closed/inside; chmod 0700 closed", Sandbox.Volume);
        var run = await Sandbox.BackUpAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((run.ExitCode, run.Result.Reason), Is.EqualTo((WorkerExitCode.Partial, "SourceUnreadable")), run.ToString());
            Assert.That(run.Result.Unreadable, Is.EquivalentTo((string[])["closed", "secret"]));
            Assert.That(run.Result.UnreadableCount, Is.EqualTo(2));
            Assert.That(run.Result.SnapshotId, Has.Length.EqualTo(64));
            Assert.That(run.Result.Message, Does.StartWith("2 files or folders could not be read: ").And.Contain("permission denied"));
        }
    }

    [Test]
    public async Task Thousands_of_unreadable_files_fit_into_the_result()
    {
        Shell.Run("touch readable; mkdir dir; cd dir; for i in $(seq 2000); do : > \"$(printf 'a-rather-long-file-name-that-repeats-itself-%0100d' $i)\"; done; chmod 000 *", Sandbox.Volume);
        var run = await Sandbox.BackUpAsync();
        Assert.That((run.ExitCode, run.Result.UnreadableCount), Is.EqualTo((WorkerExitCode.Partial, (long?)2000)));
        Assert.That(run.Result.Unreadable, Has.Count.InRange(5, 20));
        Assert.That(run.Output.Split('\n'), Has.Length.LessThan(250));
    }

    [TestCase("echo a > a; mkdir d; echo b > d/b; chmod 000 a d/b")]
    [TestCase("mkdir d; echo b > d/b; chmod 000 d")]
    [TestCase("echo b > b; chmod 0700 .")]
    public async Task A_volume_of_which_nothing_can_be_read_leaves_no_snapshot(string made)
    {
        Shell.Run(made, Sandbox.Volume);
        var run = await Sandbox.BackUpAsync();
        Assert.That((run.ExitCode, run.Result.Reason, run.Result.SnapshotId), Is.EqualTo((1, "SourceUnreadable", (string?)null)), run.ToString());
        Assert.That(Sandbox.Snapshots(), Is.Zero);
    }

    [Test]
    public async Task A_lost_and_found_that_cannot_be_read_does_not_make_it_partial()
    {
        Shell.Run("echo a > a; mkdir -m 0700 lost+found", Sandbox.Volume);
        var run = await Sandbox.BackUpAsync();
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
    }

    [Test]
    public async Task A_volume_that_is_not_mounted_is_no_empty_volume()
    {
        Directory.Delete(Sandbox.Volume);
        var run = await Sandbox.BackUpAsync();
        Assert.That((run.ExitCode, run.Result.Reason), Is.EqualTo((1, "SourceUnreadable")));
    }
}
