using NUnit.Framework;
using Walle.Tests.Cluster;
using Walle.Tests.Worker.Restic;

namespace Walle.Tests.Worker.Sftp;

/// <summary>The image walle/worker-sftp, confined as the controller's Pods are and as a user without a name, against OpenSSH's own server.</summary>
public sealed class SftpTests : ResticFixture
{
    private const string SomeUser = "12345";
    private static readonly Lazy<Task<(string Worker, string Server)>> Images = new(BuildAsync);
    private SshServer? _server;

    private SshServer Server => _server!;

    [SetUp]
    public async Task StartServerAsync()
    {
        NeedsRoot();
        var images = await Images.Value;
        _server = await SshServer.StartAsync(Sandbox, images.Server);
        Sandbox.Variables["RESTIC_REPOSITORY"] = Server.Url;
        Sandbox.Program = [];
        Sandbox.Prefix.AddRange(
        [
            "docker", "run", "--rm", "--network", "host", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--user", $"{SomeUser}:{SomeUser}",
            "--volume", $"{Sandbox.Root}:{Sandbox.Root}", "--env", "RESTIC_REPOSITORY", "--env", "RESTIC_PASSWORD", images.Worker,
        ]);
        Shell.Run($"echo content > volume/file; mkdir -p walle target; chown -R {SomeUser}:{SomeUser} volume cache tmp walle target", Sandbox.Root);
        Secret("known_hosts", Server.KnownHosts);
        // As people put it there: `kubectl create secret --from-literal="ssh-privatekey=$(cat id_ed25519)"` loses the last line break.
        Secret("ssh-privatekey", Server.PrivateKey.TrimEnd());
    }

    [TearDown]
    public async Task StopServerAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [Test]
    public async Task A_repository_over_sftp_is_initialised_backed_up_to_pruned_checked_and_restored_from()
    {
        var volume = Sandbox.Claim();
        Shell.Run($"head -c 20000000 /dev/urandom > big; mkdir sub; echo text > sub/file; ln -s ../big sub/link; chown -R {SomeUser}:{SomeUser} '{Sandbox.VolumeRoot()}'", volume);
        Expect(await Sandbox.BackUpClaimAsync("shop/data", more: LongWait), 10, "RepositoryNotFound");
        Expect(await Sandbox.InitAsync(LongWait), 0, null);
        for (var day = 1; day <= 2; day++)
            Expect(await Sandbox.BackUpClaimAsync("shop/data", $"2026-11-2{day}T03:00:00Z", [.. LongWait, "--tag", "walle", "--tag", "schedule=nightly", "--tag", $"uid={day}"]), 0, null);

        var pruned = await Sandbox.RunAsync(null, ["prune", "--host", "test-cluster", "--namespace", "shop", "--volume-root", Sandbox.VolumeRoot(), "--schedule", "nightly", "--keep-last", "1", .. LongWait]);
        Expect(pruned, 0, null);
        Assert.That(pruned.Result.Forgotten, Is.EqualTo(1));
        Expect(await Sandbox.RunAsync(null, ["check", "--read-data-subset", "1/1", .. LongWait]), 0, null);
        Expect(await Sandbox.RestoreAsync(["--verify", .. LongWait]), 0, null);
        Assert.That(RestoreSandbox.WholeManifest(Sandbox.Target()), Is.EqualTo(RestoreSandbox.WholeManifest(volume)));
    }

    [TestCase("ssh-privatekey", null, 2, "SecretKeyMissing", "ssh-keygen")]
    [TestCase("known_hosts", null, 2, "SecretKeyMissing", "ssh-keyscan -p ")]
    [TestCase("ssh-privatekey", "no key", 2, "InvalidCredentials", "-----BEGIN")]
    [TestCase("ssh-privatekey", "ssh-keygen -q -t ed25519 -N secret -f made", 2, "InvalidCredentials", "passphrase")]
    [TestCase("ssh-privatekey", "ssh-keygen -q -t rsa -b 2048 -m PEM -N secret -f made", 2, "InvalidCredentials", "passphrase")]
    [TestCase("ssh-privatekey", "ssh-keygen -q -t ed25519 -N '' -f made", 1, "RepositoryAccessDenied", "publickey")]
    [TestCase("known_hosts", "[127.0.0.1]:1 ssh-ed25519 AAAA", 1, "RepositoryUnreachable", "known_hosts in the Secret")]
    [TestCase("known_hosts", "changed", 1, "RepositoryUnreachable", "known_hosts in the Secret")]
    public async Task What_keeps_ssh_out_is_told_with_the_key_of_the_Secret_that_mends_it(string key, string? value, int exitCode, string reason, string part)
    {
        if (value is null)
            File.Delete($"{Sandbox.Root}/credentials/{key}");
        else if (value.StartsWith("ssh-keygen", StringComparison.Ordinal))
            Secret(key, Shell.Run($"{value}; cat made", Sandbox.Root));
        else
            Secret(key, value == "changed" ? Shell.Run($"ssh-keygen -q -t ed25519 -N '' -f made; echo \"[127.0.0.1]:{Server.Port} $(cat made.pub)\"", Sandbox.Root) : value);
        var run = await Sandbox.BackUpAsync(LongWait);
        Expect(run, exitCode, reason);
        Assert.That(run.Result.Message, Does.Contain(part));
    }

    [Test]
    public async Task A_server_that_goes_away_in_the_middle_is_a_failure_that_passes()
    {
        Expect(await Sandbox.InitAsync(LongWait), 0, null);
        Shell.Run("head -c 60000000 /dev/urandom > big", Sandbox.Volume);
        using var pack = new FileAppears(Server.Served);
        var running = Sandbox.BackUpAsync([.. LongWait, "--limit-upload", "4000"]);
        await pack.Appeared;
        await Server.StopAsync();
        Expect(await running, 1, "RepositoryUnreachable");

        await Server.StartAsync();
        Expect(await Sandbox.BackUpAsync(LongWait), 0, null);
        // Without a lock: the one of the run that was cut off is still there.
        Shell.Run($"restic -r '{Server.Served}/repository' check --read-data --no-lock --no-cache", "/", Sandbox.Variables);
    }

    [Test]
    public async Task The_image_without_ssh_refuses_and_names_the_one_that_has_it()
    {
        Sandbox.Prefix.Clear();
        Sandbox.Program = WorkerBinary.Command;
        Shell.Run("mkdir bin; ln -s /usr/bin/restic bin/restic", Sandbox.Root);
        Sandbox.Variables["PATH"] = $"{Sandbox.Root}/bin";
        var run = await Sandbox.BackUpAsync();
        Expect(run, 2, "InvalidCredentials");
        Assert.That(run.Result.Message, Does.Contain("walle/worker-sftp"));
    }

    private static string[] LongWait => ["--connect-timeout", "60"];

    /// <summary>Readable for all and another user's, as kubelet mounts it.</summary>
    private void Secret(string key, string value) => File.WriteAllText($"{Sandbox.Root}/credentials/{key}", value);

    private static async Task<(string Worker, string Server)> BuildAsync()
    {
        var names = (await HostCommand.RunAsync(RepositoryRoot.Combine("hack", "images"), ["worker-sftp", "sshd"])).Trim().Split('\n');
        return (names[^2], names[^1]);
    }

    private static void Expect(WorkerRun run, int exitCode, string? reason) =>
        Assert.That((run.ExitCode, run.Result.Reason), Is.EqualTo((exitCode, reason)), run.ToString());
}
