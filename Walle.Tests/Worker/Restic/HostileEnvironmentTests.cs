using System.Globalization;
using NUnit.Framework;
using Walle.Crds.Contracts;

namespace Walle.Tests.Worker.Restic;

/// <summary>The environment, the image and restic itself may be anything.</summary>
public class HostileEnvironmentTests : ResticFixture
{
    [SetUp]
    public void OneFile() => File.WriteAllText($"{Sandbox.Volume}/file", "content");

    [Test]
    public async Task Variables_that_run_code_do_not_reach_restic()
    {
        Sandbox.WithRepository().Variables["RESTIC_PASSWORD_COMMAND"] = $"touch {Sandbox.Root}/ran";
        Sandbox.Variables["LD_PRELOAD"] = "";
        Sandbox.Variables["RESTIC_REPOSITORY_FILE"] = "/etc/passwd";
        Sandbox.Variables["RESTIC_PASSWORD_FILE"] = "/etc/passwd";
        var run = await Sandbox.BackUpAsync();
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(File.Exists($"{Sandbox.Root}/ran"), Is.False);
    }

    [Test]
    public async Task Restics_whole_environment_is_the_allow_list()
    {
        foreach (var (name, value) in (IEnumerable<(string, string)>)[("LD_LIBRARY_PATH", "/x"), ("HTTPS_PROXY", "http://x"), ("DOTNET_X", "1"), ("AWS_REGION", "eu"), ("KUBERNETES_SERVICE_HOST", "x"), ("GODEBUG", "x")])
            Sandbox.Variables[name] = value;
        Fake($"tr '\\0' '\\n' < /proc/self/environ > {Sandbox.Root}/environment");
        await Sandbox.BackUpAsync();
        var names = File.ReadLines($"{Sandbox.Root}/environment").Select(l => l.Split('=')[0]).Except(["PWD", "SHLVL", "_", "OLDPWD", "PATH"]);
        Assert.That(names, Is.EquivalentTo((string[])["RESTIC_REPOSITORY", "RESTIC_PASSWORD", "AWS_REGION", "RESTIC_CACHE_DIR", "RESTIC_PROGRESS_FPS", "RESTIC_FEATURES", "TMPDIR", "HOME", "TZ"]));
    }

    [TestCase("RESTIC_PASSWORD", null, "SecretKeyMissing")]
    [TestCase("RESTIC_REPOSITORY", null, "SecretKeyMissing")]
    [TestCase("RESTIC_REPOSITORY", "sftp:canary-host:/x", "InvalidCredentials")]
    [TestCase("RESTIC_REPOSITORY", "rest:http://169.254.169.254/canary", "InvalidCredentials")]
    public async Task A_bad_secret_is_refused_by_the_name_of_its_key(string key, string? value, string reason)
    {
        Sandbox.Variables.Remove(key);
        if (value is not null)
            Sandbox.Variables[key] = value;
        var run = await Sandbox.BackUpAsync();
        Assert.That((run.ExitCode, run.Result.Reason), Is.EqualTo((WorkerExitCode.InvalidInput, reason)), run.ToString());
        Assert.That(run.Result.Message, Does.Contain(key).And.Not.Contain("canary"));
        Assert.That(run.Errors, Does.Contain(key));
    }

    [Test]
    public async Task A_bad_option_is_named_on_stderr_and_in_the_result()
    {
        var run = await Sandbox.BackUpAsync("--bogus");
        Assert.That((run.ExitCode, run.Result.Reason), Is.EqualTo((2, "InvalidSpec")));
        Assert.That(run.Errors, Does.Contain("--bogus"));
        Assert.That(run.Result.Message, Does.Contain("--bogus"));
    }

    [Test]
    public async Task Restic_must_be_there()
    {
        Sandbox.Variables["PATH"] = "/nowhere";
        Assert.That((await Sandbox.BackUpAsync()).Result.Reason, Is.EqualTo("ResticFailed"));
    }

    [Test]
    public async Task An_old_restic_is_refused_before_it_touches_anything()
    {
        Fake("exit 0", version: "restic 0.14.0 compiled with go1.19.8 on linux/amd64");
        var run = await Sandbox.BackUpAsync();
        Assert.That((run.ExitCode, run.Result.Reason), Is.EqualTo((1, "ResticTooOld")));
    }

    [TestCase("exit 0")]
    [TestCase("echo '{\"message_type\":\"summary\"}'")]
    [TestCase("echo '{\"message_type\":\"summary\",\"snapshot_id\":\"short\"}'")]
    [TestCase("echo '{\"message_type\":\"summ'; head -c 100000 /bin/bash")]
    [TestCase("head -c 100000 /bin/bash >&2; exit 2")]
    [TestCase("exit 77")]
    public async Task Without_a_named_snapshot_there_is_no_success(string script)
    {
        Fake(script);
        var run = await Sandbox.BackUpAsync("--skip-if-unchanged");
        Assert.That((run.ExitCode, run.Result.Reason, run.Result.SnapshotId), Is.EqualTo((1, "ResticFailed", (string?)null)), run.ToString());
    }

    [TestCase("head -c 2000000000 /dev/zero")]
    [TestCase("head -c 300000000 /dev/zero | tr '\\0' 'x' | fold -w 100000 >&2")]
    [TestCase("yes '{\"message_type\":\"error\",\"error\":{\"message\":\"x\"},\"during\":\"archival\",\"item\":\"/y\"}' | head -n 200000 >&2")]
    public async Task However_much_restic_prints_memory_stays_small(string script)
    {
        Fake(script + "; exit 3");
        // Beyond it the runtime ends the program with an out-of-memory error.
        Sandbox.Variables["DOTNET_GCHeapHardLimit"] = (24 * 1024 * 1024).ToString("x", CultureInfo.InvariantCulture);
        var run = await Sandbox.BackUpAsync();
        Assert.That((run.ExitCode, run.Result.Reason), Is.EqualTo((1, "SourceUnreadable")), run.ToString());
        Assert.That(run.Output.Length, Is.LessThan(300_000));
    }

    [Test]
    public async Task Secrets_that_restic_prints_do_not_get_out()
    {
        Fake("echo \"$RESTIC_PASSWORD\"; echo \"https://$RESTIC_PASSWORD@h/\" >&2; printf '{\"message_type\":\"exit_error\",\"code\":1,\"message\":\"Fatal: %s\"}\\n' \"$RESTIC_PASSWORD\" >&2; exit 1");
        var run = await Sandbox.BackUpAsync();
        Assert.That(run.Result.Message, Does.Contain("***"));
    }

    /// <summary>A restic of our own: a shell script that answers the version and then does its worst.</summary>
    private void Fake(string script, string version = "restic 0.18.0 compiled with go1.24.4 on linux/amd64")
    {
        Directory.CreateDirectory($"{Sandbox.Root}/bin");
        File.WriteAllText($"{Sandbox.Root}/bin/restic", $"#!/bin/sh\nPATH=/usr/bin:/bin\n[ \"$1\" = version ] && {{ echo '{version}'; exit 0; }}\n{script}\n");
        Shell.Run($"chmod 0755 '{Sandbox.Root}/bin/restic'");
        Sandbox.Variables["PATH"] = $"{Sandbox.Root}/bin";
    }
}
