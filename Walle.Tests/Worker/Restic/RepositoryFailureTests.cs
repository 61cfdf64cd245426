using NUnit.Framework;
using Walle.Crds.Contracts;
using Walle.Tests.Cluster;

namespace Walle.Tests.Worker.Restic;

public class RepositoryFailureTests : ResticFixture
{
    [SetUp]
    public void OneFile() => File.WriteAllText($"{Sandbox.Volume}/file", "content");

    [Test]
    public async Task No_repository() => Expect(await Sandbox.BackUpAsync(), WorkerExitCode.RepositoryMissing, "RepositoryNotFound");

    [Test]
    public async Task Wrong_password()
    {
        Sandbox.WithRepository().Variables["RESTIC_PASSWORD"] = "canary-of-another-kind\n";
        var run = await Sandbox.BackUpAsync();
        Expect(run, WorkerExitCode.WrongPassword, "WrongPassword");
        Assert.That(run.Result.Message, Does.Contain("line break"));
        Assert.That(run.ToString(), Does.Not.Contain("canary-of-another-kind"));
    }

    [Test]
    public async Task An_exclusive_lock_is_waited_for_and_then_named()
    {
        Sandbox.WithRepository();
        using var holder = new LockHolder(Sandbox);
        Expect(await Sandbox.BackUpAsync("--retry-lock", "1s"), WorkerExitCode.RepositoryLocked, "RepositoryLocked");
    }

    [Test]
    public async Task A_full_disk_leaves_no_snapshot_and_the_old_one_intact()
    {
        NeedsRoot();
        Shell.Run("mkdir repository; mount -t tmpfs -o size=24m none repository", Sandbox.Root);
        try
        {
            Sandbox.WithRepository();
            Expect(await Sandbox.BackUpAsync(), 0, null);
            Shell.Run("head -c 40000000 /dev/urandom > big", Sandbox.Volume);
            Expect(await Sandbox.BackUpAsync(), 1, "RepositoryFull");
            Assert.That(Sandbox.Snapshots(), Is.EqualTo(1));
            Assert.That(Directory.GetFiles($"{Sandbox.Repository}/locks"), Is.Empty);
        }
        finally
        {
            Shell.Run($"umount '{Sandbox.Repository}'");
        }
    }

    [TestCase("rm index/*", "RepositoryDamaged")]
    [TestCase("rm data/*/*", "RepositoryDamaged")]
    [TestCase("for f in index/*; do truncate -s 50 $f; done", "RepositoryDamaged")]
    [TestCase("truncate -s 50 config", "RepositoryDamaged")]
    [TestCase(": > config", "RepositoryDamaged")]
    [TestCase("for f in keys/*; do truncate -s 50 $f; done", "RepositoryDamaged")]
    public async Task Damage_is_not_taken_for_an_unreadable_source(string damage, string reason)
    {
        Sandbox.WithRepository();
        await Sandbox.BackUpAsync();
        Shell.Run($"chmod -R u+w .; {damage}; rm -rf ../cache/*", Sandbox.Repository);
        Expect(await Sandbox.BackUpAsync("--time", "2026-11-21T03:00:00Z"), 1, reason);
    }

    [Test]
    public async Task Nobody_listens()
    {
        Sandbox.Variables["RESTIC_REPOSITORY"] = $"rest:http://ann:canary-url@127.0.0.1:{LocalPort.Free()}/";
        var run = await Sandbox.BackUpAsync();
        Expect(run, 1, "RepositoryUnreachable");
        Assert.That(run.ToString(), Does.Contain("connection refused").And.Not.Contain("canary-url"));
    }

    [Test]
    public async Task No_such_host()
    {
        Sandbox.Variables["RESTIC_REPOSITORY"] = "rest:http://nosuch.invalid:8000/";
        Expect(await Sandbox.BackUpAsync(), 1, "RepositoryUnreachable");
    }

    [TestCase(401, "RepositoryAccessDenied", 1)]
    [TestCase(403, "RepositoryAccessDenied", 1)]
    [TestCase(404, "RepositoryNotFound", 10)]
    [TestCase(500, "RepositoryUnreachable", 1)]
    [TestCase(507, "RepositoryFull", 1)]
    public async Task What_a_rest_server_answers_has_its_reason(int status, string reason, int exitCode)
    {
        using var server = new StubbornServer(status, "");
        Sandbox.Variables["RESTIC_REPOSITORY"] = $"rest:http://ann:canary-url@127.0.0.1:{server.Port}/";
        var run = await Sandbox.BackUpAsync();
        Expect(run, exitCode, reason);
        Assert.That(run.ToString(), Does.Not.Contain("canary-url"));
    }

    [TestCase(403, "AccessDenied", "Access Denied.", "RepositoryAccessDenied", 1)]
    [TestCase(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.", "RepositoryAccessDenied", 1)]
    [TestCase(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", "RepositoryAccessDenied", 1)]
    [TestCase(404, "NoSuchBucket", "The specified bucket does not exist", "RepositoryNotFound", 10)]
    [TestCase(503, "SlowDown", "Please reduce your request rate.", "RepositoryUnreachable", 1)]
    public async Task What_s3_answers_has_its_reason(int status, string code, string message, string reason, int exitCode)
    {
        using var server = new StubbornServer(status, $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>");
        Sandbox.Variables["RESTIC_REPOSITORY"] = $"s3:http://127.0.0.1:{server.Port}/bucket";
        Sandbox.Variables["AWS_ACCESS_KEY_ID"] = "AKIACANARY";
        Sandbox.Variables["AWS_SECRET_ACCESS_KEY"] = "canary-key";
        Expect(await Sandbox.BackUpAsync(), exitCode, reason);
    }

    [Test]
    public async Task A_rest_server_with_a_user_takes_the_backup()
    {
        var port = LocalPort.Free();
        Shell.Run("printf 'ann:{SHA}%s\\n' \"$(printf canary-url | openssl sha1 -binary | base64)\" > users", Sandbox.Root);
        using var server = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/usr/bin/restic-rest-server")
        {
            ArgumentList = { "--path", $"{Sandbox.Root}/served", "--listen", $"127.0.0.1:{port}", "--htpasswd-file", $"{Sandbox.Root}/users" }, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        try
        {
            Sandbox.Variables["RESTIC_REPOSITORY"] = $"rest:http://ann:canary-url@127.0.0.1:{port}/";
            Expect(await Sandbox.InitAsync("--connect-timeout", "60"), 0, null);
            var run = await Sandbox.BackUpAsync("--connect-timeout", "60", "--parent", new string('1', 64));
            Expect(run, 0, null);
            Assert.That(run.ToString(), Does.Not.Contain("canary-url"));
        }
        finally
        {
            server.Kill();
        }
    }

    private static void Expect(WorkerRun run, int exitCode, string? reason) =>
        Assert.That((run.ExitCode, run.Result.Reason), Is.EqualTo((exitCode, reason)), run.ToString());
}
