using System.Text;
using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Worker.Restic;

namespace Walle.Tests.Worker;

/// <summary>The messages are those of restic 0.18.0, captured from real runs; clouds' own messages are as their manuals give them.</summary>
public class ResticFailureTests
{
    private const string Id = "5c1479b27815c77b8e511e83a017172213d0bc23f3f88646946ba2213a5ecc4e";

    private static IEnumerable<TestCaseData> Ends()
    {
        yield return Case("no repository", 10, Reason.RepositoryNotFound, 10,
            "Fatal: repository does not exist: unable to open config file: stat /r/config: no such file or directory\\nIs there a repository at the following location?\\n/r");
        yield return Case("no repository, rest", 10, Reason.RepositoryNotFound, 10,
            "Fatal: repository does not exist: unable to open config file: \\u003cconfig/\\u003e does not exist\\nIs there a repository at the following location?\\nrest:http://h/");
        yield return Case("locked", 11, Reason.RepositoryLocked, 11,
            "unable to create lock in backend: repository is already locked by PID 31332 on vm by root (UID 0, GID 0)\\nlock was created at 2026-11-22 19:30:18 (1.9s ago)\\nstorage ID 3a847c29\\nthe `unlock` command can be used to remove stale locks");
        yield return Case("a garbage lock", 1, Reason.InvalidLock, 1,
            "Fatal: invalid lock file: LoadRaw(\\u003clock/2d711642b7\\u003e): invalid data returned\\n\\nthe `unlock --remove-all` command can be used to remove invalid locks. Make sure that no other restic process is accessing the repository when running the command");
        yield return Case("wrong password", 12, Reason.WrongPassword, 12, "Fatal: wrong password or no key found");
        yield return Case("disk full", 1, Reason.RepositoryFull, 1,
            "Fatal: unable to save snapshot: write /r/data/c4/c49d900c-tmp-3167646175: no space left on device");
        yield return Case("refused, rest 401", 1, Reason.RepositoryAccessDenied, 1,
            "Fatal: unable to open config file: unexpected HTTP response (401): 401 Unauthorized\\nIs there a repository at the following location?\\nrest:http://u:***@127.0.0.1:8801/a/");
        yield return Case("refused, rest 403", 1, Reason.RepositoryAccessDenied, 1,
            "Fatal: unable to open config file: unexpected HTTP response (403): 403 Forbidden\\nIs there a repository at the following location?\\nrest:http://127.0.0.1:8818/");
        yield return Case("refused, s3", 1, Reason.RepositoryAccessDenied, 1,
            "Fatal: unable to open config file: Stat: Access Denied.\\nIs there a repository at the following location?\\ns3:http://127.0.0.1:8810/bucket/p");
        yield return Case("refused connection at init", 1, Reason.RepositoryUnreachable, 1,
            "Fatal: create repository at rest:http://localhost:8803/a/ failed: Fatal: unable to open repository at rest:http://localhost:8803/a/: Post \\\"http://:***@localhost:8803/a/?create=true\\\": dial tcp 127.0.0.1:8803: connect: connection refused\\n");
        yield return Case("damaged config", 1, Reason.RepositoryDamaged, 1,
            "Fatal: config or key 8a46559534b93e48980c1ac9d929850cf73252665b54f0da2b4e119058abee92 is damaged: ciphertext verification failed");
        yield return Case("empty config", 1, Reason.RepositoryDamaged, 1, "config file has zero size, invalid repository?\\nmain.open\\n\\tgithub.com/restic/restic/cmd/restic/global.go:691");
        yield return Case("truncated key", 1, Reason.RepositoryDamaged, 1, "Fatal: LoadRaw(\\u003ckey/8a46559534\\u003e): invalid data returned");
        yield return Case("truncated index", 1, Reason.RepositoryDamaged, 1, "LoadRaw(\\u003cindex/34fbb8841f\\u003e): invalid data returned");
        yield return Case("no certificate file", 1, Reason.InvalidCredentials, 2, "Fatal: unable to read root certificate: open /credentials/ca.crt: no such file or directory");
        yield return Case("no s3 credentials", 1, Reason.InvalidCredentials, 2,
            "Fatal: unable to open repository at s3:http://127.0.0.1:9/bucket/p: s3.getCredentials: no credentials found. Use `-o s3.unsafe-anonymous-auth=true` for anonymous authentication");
        yield return Case("no google credentials", 1, Reason.InvalidCredentials, 2,
            "Fatal: unable to open repository at gs:b:/: getStorageClient: google: could not find default credentials. See https://cloud.google.com/docs/authentication/external/set-up-adc for more information");
        yield return Case("bucket name too short", 1, Reason.InvalidCredentials, 2, "Fatal: parsing repository location failed: bucket name is too short");
        yield return Case("no swift auth", 1, Reason.InvalidCredentials, 2, "Fatal: unable to open repository at swift:b:/: conn.Authenticate: Can't find AuthVersion in AuthUrl - set explicitly");
        yield return Case("everything excluded", 1, Reason.EmptySource, 1, "Fatal: unable to save snapshot: snapshot is empty");
        yield return Case("root not readable", 1, Reason.SourceUnreadable, 1, "stat .: permission denied\\nAbs\\ngithub.com/restic/restic/internal/restic.(*SnapshotFilter).findLatest\\n\\tgithub.com/x.go:45");
        yield return Case("malformed exclude", 1, Reason.InvalidSpec, 2, "Fatal: --exclude: invalid pattern(s) provided:\\n[");
        yield return Case("unknown", 1, Reason.ResticFailed, 1, "Fatal: something new");
        yield return Case("a Go panic", 2, Reason.ResticFailed, 1, "Fatal: something new");
        yield return Case("a code that is not known", 77, Reason.ResticFailed, 1, "Fatal: something new");
        yield return Case("killed", 137, Reason.ResticFailed, 1, null);
    }

    [TestCaseSource(nameof(Ends))]
    public void Each_end_of_restic_has_its_reason(int code, string? message, Reason reason, int exitCode)
    {
        var output = Fed(message is null ? [] : [$$"""{"message_type":"exit_error","code":{{code}},"message":"{{message}}"}"""]);
        var failure = ResticFailure.Of(new ResticExit(code, TimeSpan.Zero, GaveUp: false), output, trouble: null, outOfMemory: false);
        Assert.That((failure?.Reason, failure?.ExitCode), Is.EqualTo(((Reason?)reason, (int?)exitCode)), failure?.Message);
    }

    [TestCase("unexpected HTTP response (507): 507 Insufficient Storage", Reason.RepositoryFull)]
    [TestCase("write /r/data/c4/c49d-tmp-1: no space left on device", Reason.RepositoryFull)]
    [TestCase("Storage backend has reached its minimum free drive threshold. Please delete a few objects to proceed.", Reason.RepositoryFull)]
    [TestCase("Head \"https://:***@localhost:8802/a/config\": tls: failed to verify certificate: x509: certificate signed by unknown authority", Reason.RepositoryUnreachable)]
    [TestCase("Head \"http://:***@localhost:8899/a/config\": dial tcp 127.0.0.1:8899: connect: connection refused", Reason.RepositoryUnreachable)]
    [TestCase("Head \"http://:***@nosuch.invalid:8899/a/config\": dial tcp: lookup nosuch.invalid on 10.0.0.53:53: no such host", Reason.RepositoryUnreachable)]
    [TestCase("unexpected HTTP response (500): 500 Internal Server Error", Reason.RepositoryUnreachable)]
    [TestCase("unexpected HTTP response (400): 400 Bad Request", Reason.RepositoryUnreachable)]
    [TestCase("Stat: The request signature we calculated does not match the signature you provided. Check your key and signing method.", Reason.RepositoryAccessDenied)]
    [TestCase("Stat: The AWS Access Key Id you provided does not exist in our records.", Reason.RepositoryAccessDenied)]
    [TestCase("Stat: The specified bucket does not exist", Reason.RepositoryNotFound)]
    public void What_restic_would_retry_for_ever_has_its_reason(string trouble, Reason reason)
    {
        var output = Fed("""{"message_type":"exit_error","code":1,"message":"Fatal: unable to open config file: context canceled\nIs there a repository at the following location?\ns3:http://h/b"}""");
        var failure = ResticFailure.Of(new ResticExit(1, TimeSpan.Zero, GaveUp: true), output, trouble, outOfMemory: false);
        Assert.That(failure?.Reason, Is.EqualTo(reason));
        Assert.That(failure?.Message, Does.StartWith(trouble));
    }

    [TestCase("root@127.0.0.1: Permission denied (publickey,keyboard-interactive).", Reason.RepositoryAccessDenied, "(publickey")]
    [TestCase("Host key verification failed.", Reason.RepositoryUnreachable, "known_hosts")]
    [TestCase("No ED25519 host key is known for [127.0.0.1]:2222 and you have requested strict checking.", Reason.RepositoryUnreachable, "known_hosts")]
    [TestCase("@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @", Reason.RepositoryUnreachable, "known_hosts")]
    [TestCase("ssh: connect to host 127.0.0.1 port 2222: Connection refused", Reason.RepositoryUnreachable, "port 2222")]
    [TestCase("ssh: Could not resolve hostname no-such.example: Name or service not known", Reason.RepositoryUnreachable, "no-such.example")]
    public void What_ssh_said_is_the_reason_when_restic_knows_only_of_an_end(string words, Reason reason, string part)
    {
        var output = Fed("""{"message_type":"exit_error","code":1,"message":"Fatal: unable to open repository at sftp:u@h:/r: unable to start the sftp session, error: error receiving version packet from server: server unexpectedly closed connection: unexpected EOF"}""");
        var failure = ResticFailure.Of(new ResticExit(1, TimeSpan.Zero, GaveUp: false), output, words, outOfMemory: false);
        Assert.That(failure?.Reason, Is.EqualTo(reason));
        Assert.That(failure?.Message, Does.Contain(part));
    }

    [Test]
    public void Exit_code_0_without_a_summary_is_no_success() =>
        Assert.That(ResticFailure.Of(new ResticExit(0, TimeSpan.Zero, false), Fed(), null, false)?.Reason, Is.EqualTo(Reason.ResticFailed));

    [Test]
    public void A_damaged_parent_tree_is_no_unreadable_source()
    {
        var output = Fed(
            $$"""{"message_type":"summary","total_files_processed":1,"snapshot_id":"{{Id}}"}""",
            """{"message_type":"error","error":{"message":"/: tree 036d4df020b9eef63279ed8062e6f64d0bc5be10e5b508055c28bcefefa9c19b is not known; the repository could be damaged, run `repair index` to try to repair it"},"during":"archival","item":"/"}""",
            """{"message_type":"exit_error","code":3,"message":"Warning: at least one source file could not be read"}""");
        var failure = ResticFailure.Of(new ResticExit(3, TimeSpan.Zero, false), output, null, false);
        Assert.That((failure?.Reason, failure?.ExitCode), Is.EqualTo(((Reason?)Reason.RepositoryDamaged, (int?)WorkerExitCode.Failure)));
    }

    [TestCase(5, WorkerExitCode.Partial)]
    [TestCase(0, WorkerExitCode.Failure)]
    public void Exit_code_3_is_partial_only_if_something_was_read(int files, int exitCode)
    {
        var output = Fed(
            $$"""{"message_type":"summary","total_files_processed":{{files}},"snapshot_id":"{{Id}}"}""",
            """{"message_type":"error","error":{"message":"open u: permission denied"},"during":"archival","item":"u"}""");
        var failure = ResticFailure.Of(new ResticExit(3, TimeSpan.Zero, false), output, null, false);
        Assert.That((failure?.Reason, failure?.ExitCode), Is.EqualTo(((Reason?)Reason.SourceUnreadable, (int?)exitCode)));
        Assert.That(failure?.Message, Does.Contain("u (open u: permission denied)"));
    }

    [Test]
    public void Killed_for_its_memory_is_told_from_killed() =>
        Assert.That(ResticFailure.Of(new ResticExit(137, TimeSpan.Zero, false), Fed(), null, outOfMemory: true)?.Reason, Is.EqualTo(Reason.OutOfMemory));

    private static TestCaseData Case(string name, int code, Reason reason, int exitCode, string? message) =>
        new TestCaseData(code, message, reason, exitCode).SetArgDisplayNames(name);

    private static ResticOutput Fed(params string[] lines)
    {
        var output = new ResticOutput("/v");
        foreach (var line in lines)
            output.Read(Encoding.UTF8.GetBytes(line));
        return output;
    }
}
