using System.Net;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Walle.Crds;
using Walle.Tests.Cluster;

namespace Walle.Tests.Crds;

/// <summary>What <c>kubectl get</c> shows.</summary>
[TestFixture]
public sealed class ColumnTests : ClusterTest
{
    [TestCase(
        ApiGroup.BackupScheduleKind,
        """{"protected": "12/14", "nextScheduleTime": "2999-01-01T02:17:00Z", "conditions": [{"type": "Ready", "status": "True", "reason": "Accepted", "message": "m", "lastTransitionTime": "2026-11-20T03:00:00Z"}]}""",
        "Name=smallest|Schedule=@daily|Suspended=false|Last Success=|Next=2999-01-01T02:17:00Z|Protected=12/14|Ready=True|Age=*")]
    [TestCase(
        ApiGroup.BackupJobKind,
        """{"phase": "Uploading", "reason": "InProgress", "added": "3.1 MiB", "duration": "12s", "volumes": [{"claimName": "data", "shortId": "0a1b2c3d"}]}""",
        "Name=smallest|Source=data|Phase=Uploading|Snapshot=0a1b2c3d|Added=3.1 MiB|Duration=12s|Age=*|Reason=InProgress (wide)")]
    [TestCase(
        ApiGroup.RestoreJobKind, """{"phase": "Restoring", "reason": "InProgress", "duration": "12s"}""",
        "Name=smallest|Source=data|Target=data|Phase=Restoring|Duration=12s|Age=*|Reason=InProgress (wide)")]
    public async Task Columns_show_the_object(string kindName, string status, string expected)
    {
        var kind = Samples.Kind(kindName);
        var server = new ApiServer(Kubernetes, Namespace);
        var created = await server.CreateAsync(kind, Samples.Smallest(kind));
        var table = await server.ReadTableAsync(kind, created.Body["metadata"]!["name"]!.ToString(), JsonNode.Parse(status)!);
        Assert.That(table.Code, Is.EqualTo(HttpStatusCode.OK), table.ToString());
        Assert.That(Row(table.Body, 0), Is.EqualTo(expected));
    }

    [TestCase("dump", "db/dump.sql"), TestCase("snapshotId", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public async Task Source_of_a_restore_is_shown_whichever_it_is(string field, string value)
    {
        var kind = Samples.Kind(ApiGroup.RestoreJobKind);
        var server = new ApiServer(Kubernetes, Namespace);
        await server.CreateAsync(kind, Samples.Smallest(kind).With("spec.source", new JsonObject { [field] = value }));
        Assert.That(Row((await server.ReadTableAsync(kind)).Body, 0), Does.Contain($"|Source={value}|"));
    }

    [Test]
    public async Task Target_of_a_restore_is_shown_also_when_it_is_a_command()
    {
        var kind = Samples.Kind(ApiGroup.RestoreJobKind);
        var server = new ApiServer(Kubernetes, Namespace);
        var command = Samples.Smallest(kind).With("spec.source", new JsonObject { ["dump"] = "db/dump.sql" }).With("spec.target", new JsonObject { ["exec"] = new JsonObject { ["name"] = "db" } });
        await server.CreateAsync(kind, command);
        Assert.That(Row((await server.ReadTableAsync(kind)).Body, 0), Does.Contain("""|Target={"kind":"StatefulSet","name":"db"}|"""));
    }

    private static string Row(JsonObject table, int index)
    {
        var columns = table["columnDefinitions"]!.AsArray();
        var cells = table["rows"]![index]!["cells"]!.AsArray();
        return string.Join('|', columns.Zip(cells, (column, cell) =>
            $"{column!["name"]}={(column["name"]!.ToString() == "Age" && cell is not null ? "*" : cell?.ToString())}{(column["priority"]!.GetValue<int>() > 0 ? " (wide)" : "")}"));
    }
}
