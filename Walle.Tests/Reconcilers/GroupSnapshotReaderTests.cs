using System.Net;
using System.Text.Json.Nodes;
using k8s;
using NUnit.Framework;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Reconcilers;
using Walle.Tests.Builders;

namespace Walle.Tests.Reconcilers;

/// <summary>Which version of groupsnapshot.storage.k8s.io is used, and what is made of a server that has none or does not let Walle look.</summary>
internal sealed class GroupSnapshotReaderTests
{
    private const string NotServed = """{"kind":"Status","status":"Failure","reason":"NotFound","message":"the server could not find the requested resource"}""";

    [TestCase("", "v1")]
    [TestCase("v1", "v1beta2")]
    [TestCase("v1,v1beta2", null)]
    public async Task The_newest_version_that_is_served_is_used(string missing, string? used)
    {
        using var api = Api();
        api.Refuse = line => missing.Split(',').Any(version => line.Contains($"/{version}/", StringComparison.Ordinal)) ? (HttpStatusCode.NotFound, NotServed) : null;
        var offer = await Reader(api).OfferAsync(CancellationToken.None);
        Assert.That(offer?.Version, Is.EqualTo(used));
        if (used is not null)
            Assert.That(offer!.Classes, Is.EqualTo(new[] { new SnapshotClassFacts("plain", A.Driver, false), new SnapshotClassFacts("usual", A.Driver, true) }));
    }

    [Test]
    public async Task Rights_of_an_older_version_cost_the_group_and_nothing_else()
    {
        using var api = Api();
        api.Refuse = _ => (HttpStatusCode.Forbidden, """{"kind":"Status","status":"Failure","reason":"Forbidden","message":"no"}""");
        Assert.That(await Reader(api).OfferAsync(CancellationToken.None), Is.Null);
    }

    private static FakeApi Api()
    {
        var api = new FakeApi();
        foreach (var version in new[] { "v1", "v1beta2" })
        {
            var folder = $"/apis/groupsnapshot.storage.k8s.io/{version}/volumegroupsnapshotclasses";
            api.Put($"{folder}/usual", JsonNode.Parse($$"""{"metadata":{"annotations":{"groupsnapshot.storage.kubernetes.io/is-default-class":"true"} },"driver":"{{A.Driver}}","deletionPolicy":"Delete"}""")!);
            api.Put($"{folder}/plain", JsonNode.Parse($$"""{"metadata":{"annotations":{"snapshot.storage.kubernetes.io/is-default-class":"true"} },"driver":"{{A.Driver}}","deletionPolicy":"Delete"}""")!);
        }

        return api;
    }

    private static GroupSnapshotReader Reader(FakeApi api)
    {
#pragma warning disable CA2000 // The fake has nothing to dispose of but itself.
        var kubernetes = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = "http://fake" }, api);
#pragma warning restore CA2000
        return new GroupSnapshotReader(new VolumeGroupSnapshotClient(kubernetes), new VolumeSnapshotClient(kubernetes));
    }
}
