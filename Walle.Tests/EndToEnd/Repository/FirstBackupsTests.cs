using System.Text.Json;
using NUnit.Framework;
using Walle.Crds.V1;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd.Repository;

/// <summary>Many first backups of one new repository at once: one initialisation, and every backup whole. TEST_ROUNDS: how many times over (default 1).</summary>
[NonParallelizable]
public sealed class FirstBackupsTests : EndToEndTest
{
    private const int Claims = 15;

    [Test]
    public async Task Fifteen_first_backups_at_once_make_one_repository_and_fifteen_whole_snapshots()
    {
        for (var claim = 0; claim < Claims; claim++)
        {
            await CreateClaimAsync($"data-{claim}", StorageNames.FileImmediate);
            await WriteAsync($"data-{claim}", "head -c 200000 /dev/urandom > file");
        }

        var rounds = int.TryParse(Environment.GetEnvironmentVariable("TEST_ROUNDS"), out var many) ? many : 1;
        for (var round = 0; round < rounds; round++)
        {
            var (secret, repository) = ($"repository-{round}", $"{Namespace}-{round}");
            await CreateSecretAsync(Walle.Repositories.UrlOf(repository), name: secret);
            await Task.WhenAll(Enumerable.Range(0, Claims).Select(claim => CreateBackupAsync($"first-{round}-{claim}", $"data-{claim}", secret: secret)));
            List<BackupJobStatus> ended = [];
            for (var claim = 0; claim < Claims; claim++)
                ended.Add(await EndOfAsync($"first-{round}-{claim}", TimeSpan.FromMinutes(15)));

            Assert.That(ended.Select(status => status.Phase), Is.All.EqualTo(BackupPhase.Succeeded), JsonSerializer.Serialize(ended.Select(status => status.Message)));
            // Another one may have found it missing before that, and have asked to initialise it after: its worker finds that it exists. A second init would be a second key.
            Assert.That(ended.Count(status => status.InitializedRepository == true), Is.Positive, "one of them initialised it");
            Assert.That(ended.Select(status => status.RepositoryId).Distinct().ToList(), Has.Count.EqualTo(1).And.None.Null);
            var folder = $"{Walle.Repositories.Folder}/{repository}";
            Assert.That((await Cluster.Node.RunAsync("bash", "-c", $"ls {folder}/keys | wc -l; ls {folder}/snapshots | wc -l; ls {folder}/locks | wc -l")).Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo((string[])["1", "15", "0"]));
            var list = new RestoreCheck(Cluster, Namespace) { Secret = secret };
            Assert.That(await list.ResticAsync("check", "--read-data"), Does.Contain("no errors were found"));
            await TestContext.Out.WriteLineAsync($"round {round + 1}: one init, {Claims} snapshots, no damage");
        }
    }
}
