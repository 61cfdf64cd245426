using CsCheck;
using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Worker;
using Walle.Worker.Environment;

namespace Walle.Tests.Worker;

public class RepositoryLocationTests
{
    private static readonly Dictionary<string, string?> Variables = new()
    {
        ["AZURE_ACCOUNT_NAME"] = "acme", ["OS_AUTH_URL"] = "https://keystone.example:5000/v3",
    };

    [TestCase("rest:http://backup:8000/a", "backup:8000")]
    [TestCase("rest:https://u:p@backup.example/a", "backup.example:443")]
    [TestCase("rest:http://[fd00::1]:8000/", "fd00::1:8000")]
    [TestCase("s3:s3.amazonaws.com/bucket", "s3.amazonaws.com:443")]
    [TestCase("s3:https://minio.example:9000/bucket/path", "minio.example:9000")]
    [TestCase("s3:http://minio:9000/bucket", "minio:9000")]
    [TestCase("s3://minio.example:9000/bucket", "minio.example:9000")]
    [TestCase("azure:container:/path", "acme.blob.core.windows.net:443")]
    [TestCase("gs:bucket:/path", "storage.googleapis.com:443")]
    [TestCase("b2:bucket:path", "api.backblazeb2.com:443")]
    [TestCase("swift:container:/path", "keystone.example:5000")]
    [TestCase("sftp:backup@nas.example:/srv/restic", "nas.example:22")]
    [TestCase("sftp:backup@nas:restic", "nas:22")]
    [TestCase("sftp://u12345-sub1@box.example:23/restic", "box.example:23")]
    [TestCase("sftp://backup@nas//srv/restic", "nas:22")]
    [TestCase("sftp://backup@[fd00::1]:2222/restic", "fd00::1:2222")]
    [TestCase("sftp:backup@[fd00::1]:restic", "fd00::1:22")]
    public void The_server_to_ask_first_is_known(string location, string server)
    {
        var found = RepositoryLocation.Parse(location, root: null, Variables.GetValueOrDefault).Server!;
        Assert.That($"{found.Host}:{found.Port}", Is.EqualTo(server));
    }

    [TestCase("sftp:host:/path", "sftp")]
    [TestCase("sftp:-oProxyCommand=sh:/x", "sftp")]
    [TestCase("sftp:user@-oProxyCommand=sh:/x", "sftp")]
    [TestCase("sftp:-l@host:/x", "sftp")]
    [TestCase("sftp://user@host/", "sftp")]
    [TestCase("sftp://user@host:0/x", "sftp")]
    [TestCase("sftp://user@host:99999/x", "sftp")]
    [TestCase("sftp://user@host:22", "sftp")]
    [TestCase("sftp://user@ho\"st/x", "sftp")]
    [TestCase("sftp:user@[fe80::1%eth0]:/x", "sftp")]
    [TestCase("sftp:user@[fe80::1]:/x", "link-local")]
    [TestCase("sftp://user@169.254.169.254/x", "link-local")]
    [TestCase("rclone:remote:path", "rclone")]
    [TestCase("/srv/repo", "local path")]
    [TestCase("local:/srv/repo", "local path")]
    [TestCase("repo", "no known kind")]
    [TestCase("ftp://host/", "no known kind")]
    [TestCase("-r", "dash")]
    [TestCase("rest:http://host/ --option", "space")]
    [TestCase("rest:http://host/\n", "line break")]
    [TestCase("rest:http://host/\u0000", "control")]
    [TestCase("rest:http+unix:///var/run/docker.sock:/", "no http")]
    [TestCase("rest:ftp://host/", "no http")]
    [TestCase("rest:", "no http")]
    [TestCase("s3:", "no http")]
    [TestCase("s3:https://host", "no bucket")]
    [TestCase("rest:http://169.254.169.254/latest", "link-local")]
    [TestCase("s3:http://[fe80::1]/b", "link-local")]
    [TestCase("rest:http://[::ffff:169.254.169.254]/", "link-local")]
    [TestCase("", "empty")]
    public void What_could_run_a_program_or_reach_the_node_is_refused(string location, string why)
    {
        var refused = Assert.Throws<WorkerException>(() => RepositoryLocation.Parse(location, root: null, Variables.GetValueOrDefault));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused!.Reason, Is.EqualTo(Reason.InvalidCredentials));
            Assert.That(refused.Message, Does.StartWith("RESTIC_REPOSITORY").And.Contain(why));
        }
    }

    [TestCase("/repository")]
    [TestCase("/repository/")]
    [TestCase("/repository/shop")]
    [TestCase("local:/repository/shop")]
    public void A_folder_of_the_repositorys_volume_has_no_server(string location) =>
        Assert.That(RepositoryLocation.Parse(location, "/repository", _ => null), Is.EqualTo(new RepositoryLocation("local", null, null)));

    [TestCase("/srv/repo", "use /repository or a folder below")]
    [TestCase("/repository-2", "use /repository or a folder below")]
    [TestCase("/repository/../tmp", "use /repository or a folder below")]
    [TestCase("/cache/repo", "use /repository or a folder below")]
    [TestCase("local:repo", "is not an absolute path")]
    public void A_folder_that_goes_with_the_container_is_no_repository(string location, string why) =>
        Assert.That(() => RepositoryLocation.Parse(location, "/repository", _ => null), Throws.TypeOf<WorkerException>().With.Message.Contains(why));

    [Test]
    public void The_users_of_the_url_are_known_to_the_redactor() =>
        Assert.That(RepositoryLocation.Parse("rest:https://ann:s3cret@h/", null, _ => null).UserInfo, Is.EqualTo("ann:s3cret"));

    [Test]
    public void Any_text_is_either_parsed_or_refused_without_being_shown() =>
        Gen.Select(Gen.OneOf("", "rest:", "s3:", "rest:http://", "s3://", "azure:", "swift:", "sftp:", "sftp://u@", "sftp:u@h:"), Gen.String[0, 60]).Sample((prefix, text) =>
        {
            try
            {
                _ = RepositoryLocation.Parse(prefix + text, null, _ => null);
            }
            catch (WorkerException refused)
            {
                Assert.That(text.Length < 8 || !refused.Message.Contains(text, StringComparison.Ordinal));
            }
        }, iter: 5_000);
}
