using CsCheck;
using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Worker;
using Walle.Worker.Environment;

namespace Walle.Tests.Worker;

public class CredentialEnvironmentTests
{
    private static readonly string[] Harmful =
    [
        "LD_PRELOAD", "LD_LIBRARY_PATH", "PATH", "RESTIC_PASSWORD_COMMAND", "RESTIC_PASSWORD_FILE", "RESTIC_REPOSITORY_FILE", "GODEBUG", "SSL_CERT_FILE", "HTTPS_PROXY",
        "HTTP_PROXY", "RCLONE_CONFIG", "DOTNET_STARTUP_HOOKS", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_SHARED_CREDENTIALS_FILE", "GOOGLE_APPLICATION_CREDENTIALS", "RESTIC_CACERT",
        "RESTIC_CACHE_DIR", "TMPDIR", "HOME", "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES",
    ];

    [Test]
    public void Only_the_allow_list_reaches_restic()
    {
        var allowed = CredentialVariables.Required.Concat(CredentialVariables.Optional).Concat(CredentialEnvironment.Fixed).Concat(CredentialFiles.VariableOfKey.Values).ToHashSet();
        var names = Gen.OneOf(Gen.OneOf(Harmful), Gen.OneOf([.. CredentialVariables.Optional]), Gen.String[Gen.Char['A', 'Z'], 1, 12]);
        Gen.Select(names, Gen.String[Gen.Char[' ', '~'], 1, 20]).Array[0, 12].Sample(given =>
        {
            var own = new Dictionary<string, string> { [CredentialVariables.Repository] = "rest:http://h/", [CredentialVariables.Password] = "p" };
            foreach (var (name, value) in given)
                own[name] = value;
            var built = CredentialEnvironment.Build(own.GetValueOrDefault, _ => false, "/credentials", "/cache", "/tmp");
            Assert.That(built.Keys.Where(k => !allowed.Contains(k)), Is.Empty);
            // Without the file, its variable comes from nowhere.
            Assert.That(built.Keys.Intersect(CredentialFiles.VariableOfKey.Values), Is.Empty);
            Assert.That(built["RESTIC_CACHE_DIR"] + built["TMPDIR"] + built["HOME"], Is.EqualTo("/cache/tmp/tmp"));
        }, iter: 2_000);
    }

    [Test]
    public void No_allowed_variable_runs_a_command_or_reads_a_file_by_its_value() =>
        Assert.That(
            CredentialVariables.Required.Concat(CredentialVariables.Optional).Where(k => k.EndsWith("_COMMAND", StringComparison.Ordinal) || k.EndsWith("_FILE", StringComparison.Ordinal) || k.StartsWith("LD_", StringComparison.Ordinal)),
            Is.Empty);

    [Test]
    public void Files_of_the_secret_that_are_mounted_set_their_variable()
    {
        var own = new Dictionary<string, string> { [CredentialVariables.Repository] = "gs:b:/", [CredentialVariables.Password] = "p" };
        var built = CredentialEnvironment.Build(own.GetValueOrDefault, path => path == "/credentials/ca.crt", "/credentials", "/cache", "/tmp");
        Assert.That(built["RESTIC_CACERT"], Is.EqualTo("/credentials/ca.crt"));
        Assert.That(built.Keys, Has.None.EqualTo("GOOGLE_APPLICATION_CREDENTIALS"));
    }

    [TestCase(CredentialVariables.Repository, null, Reason.SecretKeyMissing)]
    [TestCase(CredentialVariables.Password, null, Reason.SecretKeyMissing)]
    [TestCase(CredentialVariables.Password, "", Reason.InvalidCredentials)]
    [TestCase("AWS_SECRET_ACCESS_KEY", "canary-value\n", Reason.InvalidCredentials)]
    public void A_bad_key_is_named_and_its_value_is_not(string key, string? value, Reason reason)
    {
        var own = new Dictionary<string, string?> { [CredentialVariables.Repository] = "rest:http://h/", [CredentialVariables.Password] = "p", [key] = value };
        var refused = Assert.Throws<WorkerException>(() => CredentialEnvironment.Build(own.GetValueOrDefault, _ => false, "/c", "/c", "/t"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused!.Reason, Is.EqualTo(reason));
            Assert.That(refused.Message, Does.Contain(key).And.Not.Contain("canary"));
            Assert.That(refused.ExitCode, Is.EqualTo(WorkerExitCode.InvalidInput));
        }
    }
}
