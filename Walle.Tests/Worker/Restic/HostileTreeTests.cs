using System.Text.Json.Nodes;
using NUnit.Framework;
using static Walle.Tests.Worker.Restic.HostileRepository;

namespace Walle.Tests.Worker.Restic;

/// <summary>Trees that somebody with the password has made by hand: nothing of them gets out of the target.</summary>
public sealed class HostileTreeTests : ResticFixture
{
    private const long Folder = 1L << 31;
    private const long Link = 1L << 27;
    private const long Device = 1L << 26;
    private const long SetUid = 1L << 23;

    [TestCase("../escape")]
    [TestCase("../../escape")]
    [TestCase("folder/../../escape")]
    [TestCase("/escape")]
    [TestCase("folder/file")]
    [TestCase("..")]
    [TestCase(".")]
    [TestCase("")]
    public async Task A_file_whose_name_leads_elsewhere_is_written_nowhere_else(string name) =>
        await StaysInsideAsync(repository => repository.AddTree(File(repository, name), File(repository, "honest")));

    [TestCase("..")]
    [TestCase("../outside")]
    [TestCase(".")]
    public async Task A_folder_whose_name_leads_elsewhere_is_not_entered(string name) => await StaysInsideAsync(repository =>
    {
        var inner = repository.AddTree(File(repository, "escape"));
        return repository.AddTree(Node(name, "dir", Folder | 511, node => node["subtree"] = inner), File(repository, "honest"));
    });

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_link_and_a_folder_of_one_name_lead_nothing_out(bool linkFirst) => await StaysInsideAsync(repository =>
    {
        var inner = repository.AddTree(File(repository, "escape"));
        JsonObject[] nodes = [LinkTo("both", $"{Sandbox.Root}/outside"), Node("both", "dir", Folder | 511, node => node["subtree"] = inner)];
        return repository.AddTree([.. linkFirst ? nodes : nodes.Reverse(), File(repository, "honest")]);
    });

    [Test]
    public async Task A_link_and_a_file_of_one_name_lead_nothing_out() => await StaysInsideAsync(repository =>
        repository.AddTree(LinkTo("both", $"{Sandbox.Root}/outside/escape"), File(repository, "both"), LinkTo("existing", $"{Sandbox.Root}/outside/precious"), File(repository, "existing")));

    [Test]
    public async Task Absolute_links_are_links_devices_are_not_made_and_setuid_stays_in_the_volume()
    {
        NeedsRoot();
        await StaysInsideAsync(repository => repository.AddTree(
            LinkTo("passwd", "/etc/passwd"), Node("disk", "dev", Device | 438, node => node["device"] = 2048), Node("setuid", "file", SetUid | 493, node => Content(repository, node)), File(repository, "honest")));
        Assert.That(Shell.Run("readlink passwd; [ ! -e disk ] && [ ! -b disk ] && echo none; stat -c %a setuid", Sandbox.Target()), Is.EqualTo("/etc/passwd\nnone\n4755"));
    }

    /// <summary>As in the Pod: uid 0 with the capabilities of a restore, and no more; into an empty volume, then over what is there.</summary>
    private async Task StaysInsideAsync(Func<HostileRepository, string> make)
    {
        Sandbox.WithRepository();
        Sandbox.Claim();
        Shell.Run("mkdir outside; echo precious > outside/precious; chmod 0755 outside", Sandbox.Root);
        var repository = new HostileRepository(Sandbox);
        repository.Save(make(repository), $"{Sandbox.VolumeRoot()}/shop/data");
        var before = Outside();
        if (Shell.Run("id -u") == "0")
            Sandbox.Prefix.AddRange(["setpriv", "--inh-caps=-all", "--bounding-set=-all,+chown,+dac_override,+fowner,+fsetid,+setfcap"]);

        var run = await Sandbox.RestoreAsync();
        Assert.That(Outside(), Is.EqualTo(before), run.ToString());
        Assert.That(run.Output + run.Errors, Does.Contain("restor"), "it was read");
        var again = await Sandbox.RestoreAsync("--overwrite", "always", "--delete-extra");
        Assert.That(Outside(), Is.EqualTo(before), again.ToString());
        // The repository is a real one: what is honest in it comes back, or restic refuses all of it with an error.
        Assert.That(System.IO.File.Exists($"{Sandbox.Target()}/honest") || run.ExitCode != 0, run.ToString());
        await TestContext.Out.WriteLineAsync($"{run.Result.Reason}: {run.Result.Message}; {Shell.Run("ls -A | tr '\\n' ' '", Sandbox.Target())}");
    }

    /// <summary>All of the sandbox but the target and the worker's own scratch folders.</summary>
    private string Outside() => Shell.Run("find . -path ./target -prune -o -path ./cache -prune -o -path ./tmp -prune -o -path ./repository -prune -o -path './cache-of-stock' -prune -o -name termination-log -o -mindepth 1 -printf '%p %y %m %s\\n' | LC_ALL=C sort; [ ! -e /escape ] || echo /escape", Sandbox.Root);

    private static JsonObject LinkTo(string name, string target) => Node(name, "symlink", Link | 511, node => node["linktarget"] = target);

    private static JsonObject File(HostileRepository repository, string name) => Node(name, "file", 420, node => Content(repository, node));

    private static void Content(HostileRepository repository, JsonObject node)
    {
        node["content"] = new JsonArray(repository.AddContent("escaped\n"));
        node["size"] = 8;
    }
}
