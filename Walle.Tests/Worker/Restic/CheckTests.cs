using NUnit.Framework;

namespace Walle.Tests.Worker.Restic;

public class CheckTests : ResticFixture
{
    [Test]
    public async Task A_whole_repository_has_no_damage()
    {
        await BackUpAsync();
        var run = await CheckAsync();
        Assert.That((run.ExitCode, run.Result.Reason), Is.EqualTo((0, (string?)null)), run.ToString());
    }

    [Test]
    public async Task A_flipped_bit_is_found_by_the_check_that_reads_its_part()
    {
        await BackUpAsync();
        Shell.Run("f=$(find data -type f -size +100k | head -1); chmod u+w $f; printf '\\xff\\xfe' | dd of=$f bs=1 seek=5000 conv=notrunc 2>/dev/null", Sandbox.Repository);
        Assert.That((await CheckAsync()).ExitCode, Is.Zero, "the structure is whole");
        List<string?> reasons = [];
        for (var part = 1; part <= 4; part++)
        {
            var run = await CheckAsync("--read-data-subset", $"{part}/4");
            reasons.Add(run.Result.Reason);
            if (run.Result.Reason is not null)
                Assert.That(run.Result.Message, Does.Contain("ciphertext verification failed").And.Contain("restic repair packs"));
        }
        Assert.That(reasons, Is.EquivalentTo((string?[])["RepositoryDamaged", null, null, null]), "n parts are all the data, each read once");
    }

    [TestCase("rm -f $(find data -type f -size +100k | head -1)", "does not exist")]
    [TestCase("rm -f index/*", "not found in repository")]
    public async Task A_missing_pack_or_index_is_damage(string harm, string message)
    {
        await BackUpAsync();
        Shell.Run(harm, Sandbox.Repository);
        var run = await CheckAsync();
        Assert.That((run.ExitCode, run.Result.Reason), Is.EqualTo((1, "RepositoryDamaged")), run.ToString());
        Assert.That(run.Result.Message, Does.Contain(message));
        var prune = await Sandbox.RunAsync(null, "prune", "--host", "test-cluster", "--namespace", "x", "--schedule", "s");
        Assert.That(prune.ExitCode == 0 || prune.Result.Reason == "RepositoryDamaged", prune.ToString());
    }

    [Test]
    public async Task A_wrong_password_is_not_damage()
    {
        await BackUpAsync();
        Sandbox.Variables["RESTIC_PASSWORD"] = "wrong";
        Assert.That((await CheckAsync()).Result.Reason, Is.EqualTo("WrongPassword"));
    }

    [Test]
    public async Task A_lock_file_that_cannot_be_read_is_told_apart()
    {
        await BackUpAsync();
        File.WriteAllText($"{Sandbox.Repository}/locks/{new string('a', 64)}", "garbage");
        var run = await CheckAsync();
        Assert.That((run.ExitCode, run.Result.Reason), Is.EqualTo((1, "InvalidLock")), run.ToString());
    }

    private Task<WorkerRun> CheckAsync(params string[] more) => Sandbox.RunAsync(null, ["check", "--retry-lock", "1s", .. more]);

    private async Task BackUpAsync()
    {
        Sandbox.WithRepository();
        Shell.Run("head -c 3000000 /dev/urandom > file", Sandbox.Volume);
        Assert.That((await Sandbox.BackUpAsync()).ExitCode, Is.Zero);
    }
}
