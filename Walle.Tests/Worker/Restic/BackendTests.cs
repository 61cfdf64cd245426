using NUnit.Framework;

namespace Walle.Tests.Worker.Restic;

/// <summary>REST servers of all kinds, and networks that fail in the middle.</summary>
public class BackendTests : ResticFixture
{
    [Test]
    public async Task Where_nothing_may_be_deleted_backups_succeed_and_only_the_credentials_for_maintenance_prune()
    {
        using var appendOnly = new RestServer(Sandbox, "--append-only");
        using var full = new RestServer(Sandbox);
        Shell.Run("head -c 300000 /dev/urandom > file", Sandbox.Volume);
        Use(appendOnly.Url);
        Expect(await Sandbox.InitAsync("--connect-timeout", "60"), 0, null);
        for (var day = 1; day <= 2; day++)
            Expect(await Sandbox.BackUpAsync("--connect-timeout", "60", "--time", $"2026-11-2{day}T03:00:00Z", "--tag", "walle", "--tag", "schedule=nightly", "--tag", $"uid={day}"), 0, null);
        Expect(await Sandbox.RunAsync(null, "check"), 0, null);

        var refused = await PruneAsync();
        Expect(refused, 1, "RepositoryAccessDenied");
        Use(full.Url);
        var pruned = await PruneAsync();
        Expect(pruned, 0, null);
        Assert.That(pruned.Result.Forgotten, Is.EqualTo(1));
    }

    [Test]
    public async Task An_S3_bucket_is_initialised_backed_up_to_pruned_checked_and_restored_from()
    {
        using var server = await S3Server.StartAsync();
        Use($"s3:http://127.0.0.1:{server.Port}/walle/shop");
        Sandbox.Variables["AWS_ACCESS_KEY_ID"] = "walle";
        Sandbox.Variables["AWS_SECRET_ACCESS_KEY"] = "canary-s3-key-77a1";
        var volume = Sandbox.Claim();
        Shell.Run("head -c 20000000 /dev/urandom > big; mkdir sub; echo text > sub/file; ln -s ../big sub/link", volume);
        Expect(await Sandbox.InitAsync("--connect-timeout", "60"), 0, null);
        for (var day = 1; day <= 2; day++)
        {
            Shell.Run($"echo {day} > day", volume);
            Expect(await Sandbox.BackUpClaimAsync("shop/data", $"2026-11-2{day}T03:00:00Z", "--connect-timeout", "60", "--tag", "walle", "--tag", "schedule=nightly", "--tag", $"uid={day}"), 0, null);
        }

        var pruned = await Sandbox.RunAsync(null, "prune", "--host", "test-cluster", "--namespace", "shop", "--volume-root", Sandbox.VolumeRoot(), "--schedule", "nightly", "--keep-last", "1", "--connect-timeout", "60");
        Expect(pruned, 0, null);
        Assert.That(pruned.Result.Forgotten, Is.EqualTo(1));
        Expect(await Sandbox.RunAsync(null, "check", "--read-data-subset", "1/1", "--connect-timeout", "60"), 0, null);
        Expect(await Sandbox.RestoreAsync("--verify", "--connect-timeout", "60"), 0, null);
        Assert.That(RestoreSandbox.WholeManifest(Sandbox.Target()), Is.EqualTo(RestoreSandbox.WholeManifest(volume)));
    }

    [Test]
    public async Task A_full_server_stops_a_prune_with_its_reason_and_leaves_every_backup_whole()
    {
        int used;
        using (var roomy = new RestServer(Sandbox))
        {
            Use(roomy.Url);
            Expect(await Sandbox.InitAsync("--connect-timeout", "60"), 0, null);
            // Two files in one pack, of which the second backup needs only one: the pack has to be written again.
            Shell.Run("head -c 3000000 /dev/urandom > stays; head -c 3000000 /dev/urandom > goes", Sandbox.Volume);
            Expect(await Sandbox.BackUpAsync("--connect-timeout", "60", "--time", "2026-11-21T03:00:00Z", "--tag", "walle", "--tag", "schedule=nightly", "--tag", "uid=1"), 0, null);
            Shell.Run("rm goes", Sandbox.Volume);
            Expect(await Sandbox.BackUpAsync("--connect-timeout", "60", "--time", "2026-11-22T03:00:00Z", "--tag", "walle", "--tag", "schedule=nightly", "--tag", "uid=2"), 0, null);
            used = int.Parse(Shell.Run("du -sb served | cut -f1", Sandbox.Root), System.Globalization.CultureInfo.InvariantCulture);
        }

        using (var full = new RestServer(Sandbox, "--max-size", $"{used + 20_000}"))
        {
            Use(full.Url);
            Expect(await PruneAsync("--max-unused", "0"), 1, "RepositoryFull");
        }

        using var again = new RestServer(Sandbox);
        Use(again.Url);
        Expect(await Sandbox.RunAsync(null, "check", "--read-data-subset", "1/1", "--connect-timeout", "60"), 0, null);
        Expect(await PruneAsync("--max-unused", "0"), 0, null);
        Expect(await Sandbox.RunAsync(null, "check", "--read-data-subset", "1/1", "--connect-timeout", "60"), 0, null);
    }

    [Test]
    public async Task A_private_certificate_authority_is_trusted_when_the_Secret_has_it_and_named_when_it_has_not()
    {
        Shell.Run("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=walle-test -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem 2>/dev/null", Sandbox.Root);
        using var server = new RestServer(Sandbox, "--tls", "--tls-cert", $"{Sandbox.Root}/cert.pem", "--tls-key", $"{Sandbox.Root}/key.pem");
        Use($"rest:https://127.0.0.1:{server.Port}/");
        var unknown = await Sandbox.InitAsync("--connect-timeout", "5");
        Expect(unknown, 1, "RepositoryUnreachable");
        Assert.That(unknown.Result.Message, Does.Contain("ca.crt"));
        File.Copy($"{Sandbox.Root}/cert.pem", $"{Sandbox.Root}/credentials/ca.crt");
        Shell.Run("touch file", Sandbox.Volume);
        Expect(await Sandbox.InitAsync("--connect-timeout", "60"), 0, null);
        Expect(await Sandbox.BackUpAsync("--connect-timeout", "60"), 0, null);
        Expect(await PruneAsync(), 0, null);
    }

    [Test]
    public async Task A_connection_that_is_reset_in_the_middle_is_no_failure_and_no_damage()
    {
        using var server = new RestServer(Sandbox);
        Use(server.Url);
        Expect(await Sandbox.InitAsync("--connect-timeout", "60"), 0, null);
        Shell.Run("head -c 20000000 /dev/urandom > big", Sandbox.Volume);
        using var proxy = new FaultyProxy(server.Port) { After = 3_000_000, Resets = 3 };
        Use($"rest:http://127.0.0.1:{proxy.Port}/");
        Expect(await Sandbox.BackUpAsync("--connect-timeout", "60"), 0, null);
        Assert.That(proxy.ResetCount, Is.EqualTo(3));
        Expect(await Sandbox.RunAsync(null, "check", "--read-data-subset", "1/1"), 0, null);
    }

    [Test]
    public async Task A_network_that_resets_every_connection_ends_by_its_deadline_with_its_reason()
    {
        using var server = new RestServer(Sandbox);
        Use(server.Url);
        Expect(await Sandbox.InitAsync("--connect-timeout", "60"), 0, null);
        Shell.Run("touch file", Sandbox.Volume);
        using var proxy = new FaultyProxy(server.Port) { After = 0, Resets = int.MaxValue };
        Use($"rest:http://127.0.0.1:{proxy.Port}/");
        var started = TimeProvider.System.GetTimestamp();
        Expect(await Sandbox.BackUpAsync("--connect-timeout", "5"), 1, "RepositoryUnreachable");
        Assert.That(TimeProvider.System.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(60)));
    }

    [Test]
    public async Task Forty_five_seconds_of_silence_are_sat_out()
    {
        using var server = new RestServer(Sandbox);
        Use(server.Url);
        Expect(await Sandbox.InitAsync("--connect-timeout", "60"), 0, null);
        Shell.Run("head -c 20000000 /dev/urandom > big", Sandbox.Volume);
        using var proxy = new FaultyProxy(server.Port) { After = 3_000_000, Silence = TimeSpan.FromSeconds(45) };
        Use($"rest:http://127.0.0.1:{proxy.Port}/");
        var run = await Sandbox.BackUpAsync("--connect-timeout", "60");
        Expect(run, 0, null);
        Assert.That(run.Result.DurationSeconds, Is.GreaterThan(44));
    }

    private void Use(string url) => Sandbox.Variables["RESTIC_REPOSITORY"] = url;

    private Task<WorkerRun> PruneAsync(params string[] more) => Sandbox.RunAsync(
        null,
        [
            "prune", "--host", "test-cluster", "--namespace", Path.GetFileName(Sandbox.Root), "--volume-root", Path.GetDirectoryName(Sandbox.Root)!, "--schedule", "nightly", "--keep-last", "1",
            "--retry-lock", "1s", "--connect-timeout", "60", .. more,
        ]);

    private static void Expect(WorkerRun run, int exitCode, string? reason) =>
        Assert.That((run.ExitCode, run.Result.Reason), Is.EqualTo((exitCode, reason)), run.ToString());
}
