using System.Globalization;
using System.Text.Json.Nodes;
using k8s;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Walle.Controller.Reconcilers;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Reconcilers;

/// <summary>One restic init at a time in the whole cluster, and no deadlock whatever is left behind.</summary>
internal sealed class InitializationLeaseTests
{
    private const string Path = "/apis/coordination.k8s.io/v1/namespaces/walle-system/leases/walle-repository-init";
    private static readonly BackupJob Ours = A.BackupJob();
    private static readonly BackupJob Another = A.BackupJob().WithMetadata(metadata => metadata with { Name = "other", Uid = "other-uid" });

    private readonly FakeTimeProvider _time = new(A.Noon);
    private FakeApi _api = null!;
    private k8s.Kubernetes _kubernetes = null!;
    private InitializationLease _lease = null!;

    [SetUp]
    public void SetUp()
    {
        _api = new FakeApi();
        _kubernetes = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = "http://fake" }, _api);
        _lease = new InitializationLease(_kubernetes, "walle-system", _time);
    }

    [TearDown]
    public void TearDown()
    {
        _kubernetes.Dispose();
        _api.Dispose();
    }

    [Test]
    public async Task The_first_gets_it_and_keeps_it()
    {
        Assert.That(await TryAsync(Ours));
        Assert.That(await TryAsync(Ours), "after a restart it is still ours");
        Assert.That(await TryAsync(Another), Is.False);
    }

    [Test]
    public async Task Released_it_is_free_and_only_its_holder_releases_it()
    {
        await TryAsync(Ours);
        await _lease.ReleaseAsync(Another, CancellationToken.None);
        Assert.That(await TryAsync(Another), Is.False);
        _api.Objects.Remove(Path);
        Assert.That(await TryAsync(Another));
        await _lease.ReleaseAsync(Ours, CancellationToken.None);
        Assert.That(_api.Objects, Contains.Key(Path));
    }

    [Test]
    public async Task A_holder_that_went_away_is_replaced_after_a_minute_if_nothing_runs()
    {
        await TryAsync(Ours);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.That(await TryAsync(Another), Is.False, "it may be about to make its Job");
        _time.Advance(TimeSpan.FromSeconds(1));
        AddInit("jobs", "pending", "{}");
        Assert.That(await TryAsync(Another), Is.False, "its Job runs");
        AddInit("jobs", "pending", """{"conditions":[{"type":"Failed","status":"True"}]}""");
        Assert.That(await TryAsync(Another));
    }

    [Test]
    public async Task A_worker_that_is_still_being_stopped_keeps_a_free_Lease_busy()
    {
        AddInit("pods", "stopping", """{"phase":"Running"}""");
        Assert.That(await TryAsync(Ours), Is.False, "two restic inits at once can destroy a repository");
        AddInit("pods", "stopping", """{"phase":"Failed"}""");
        Assert.That(await TryAsync(Ours));
    }

    [Test]
    public async Task What_looks_like_an_initialisation_of_hours_holds_up_nobody()
    {
        AddInit("pods", "on-a-lost-node", """{"phase":"Running"}""");
        AddInit("jobs", "a-trap", "{}");
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.That(await TryAsync(Ours));
    }

    [Test]
    public async Task A_time_in_the_future_holds_up_nobody()
    {
        await TryAsync(Ours);
        _api.Objects[Path]["spec"]!["acquireTime"] = "2046-01-01T00:00:00.000000Z";
        Assert.That(await TryAsync(Another));
    }

    [Test]
    public async Task Of_two_at_the_same_moment_one_gets_it()
    {
        _api.Put(Path, new JsonObject { ["spec"] = new JsonObject { ["holderIdentity"] = "gone", ["acquireTime"] = "2020-01-01T00:00:00.000000Z" } });
        _api.Refuse = line => line.StartsWith("PUT", StringComparison.Ordinal) ? (System.Net.HttpStatusCode.Conflict, """{"kind":"Status","reason":"Conflict","code":409}""") : null;
        Assert.That(await TryAsync(Ours), Is.False);
    }

    private Task<bool> TryAsync(BackupJob job) => _lease.TryAcquireAsync(job, CancellationToken.None);

    private void AddInit(string plural, string name, string status)
    {
        var root = plural == "jobs" ? "/apis/batch/v1" : "/api/v1";
        _api.Put($"{root}/namespaces/x/{plural}/{name}", new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["creationTimestamp"] = _time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = "walle", ["ros.io/verb"] = "init" },
            },
            ["status"] = JsonNode.Parse(status),
        });
    }
}
