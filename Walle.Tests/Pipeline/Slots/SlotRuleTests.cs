using NUnit.Framework;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline.Slots;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline.Slots;

/// <summary>Who gets a slot.</summary>
internal sealed class SlotRuleTests
{
    [Test]
    public void In_due_order_within_a_namespace()
    {
        var granted = SlotRule.Grant(new SlotLimits { Cluster = 2 }, [], [Request("a/late", due: 3), Request("a/early", due: 1), Request("a/middle", due: 2)]);
        Assert.That(Names(granted), Is.EqualTo("a/early a/middle"));
    }

    [Test]
    public void Round_robin_over_the_namespaces_whoever_came_first()
    {
        List<SlotRequest> waiting = [.. Enumerable.Range(0, 5).Select(index => Request($"a/{index}", due: index)), Request("b/0", due: 100), Request("c/0", due: 99)];
        Assert.That(Names(SlotRule.Grant(new SlotLimits { Cluster = 4 }, [], waiting)), Is.EqualTo("a/0 c/0 b/0 a/1"));
        Assert.That(Names(SlotRule.Grant(new SlotLimits { Cluster = 4 }, [Request("a/x"), Request("a/y")], waiting)), Is.EqualTo("c/0 b/0"), "who has some already is behind");
    }

    [TestCase("namespace")]
    [TestCase("repository")]
    [TestCase("storage class")]
    [TestCase("node")]
    public void Each_limit_holds_and_lets_others_pass(string limit)
    {
        var limits = limit switch
        {
            "namespace" => new SlotLimits { Namespace = 1 },
            "repository" => new SlotLimits { Repository = 1 },
            "storage class" => new SlotLimits { StorageClass = 1 },
            _ => new SlotLimits { Node = 1 },
        };
        var other = limit == "namespace" ? Request("b/other", due: 9) : Request("a/other", due: 9, repository: "other", storageClass: "other", node: "other");
        Assert.That(Names(SlotRule.Grant(limits, [], [Request("a/first", due: 1), Request("a/second", due: 2), other])), Is.EqualTo($"a/first {other.Name}"));
        Assert.That(Names(SlotRule.Grant(limits, [Request("a/held")], [Request("a/first", due: 1)])), Is.Empty);
        Assert.That(SlotRule.Place(limits, [Request("a/held")], [Request("a/first")], Request("a/first")).WaitsFor, Does.Contain($"(--max-backups-per-{limit.Replace(' ', '-')})"));
    }

    [Test]
    public void Zero_is_no_limit() =>
        Assert.That(SlotRule.Grant(new SlotLimits(), [Request("a/held")], [.. Enumerable.Range(0, 100).Select(index => Request($"a/{index}"))]), Has.Count.EqualTo(100));

    [Test]
    public void Of_two_volumes_each_counts_where_it_lies()
    {
        var both = Request("a/both") with { StorageClasses = ["slow", "fast", "fast"] };
        Assert.That(SlotRule.Grant(new SlotLimits { StorageClass = 1 }, [Request("a/held", storageClass: "slow")], [both]), Is.Empty);
        Assert.That(SlotRule.Grant(new SlotLimits { StorageClass = 1 }, [], [both]), Has.Exactly(1).Items, "its own two are no obstacle to each other");
    }

    [Test]
    public void The_place_in_the_queue_is_the_order_of_the_grants()
    {
        List<SlotRequest> waiting = [Request("a/0", due: 0), Request("a/1", due: 1), Request("b/0", due: 2)];
        var places = waiting.Select(request => SlotRule.Place(new SlotLimits { Cluster = 1 }, [Request("x/held")], waiting, request)).ToList();
        Assert.That(places.Select(place => place.Position), Is.EqualTo(new[] { 1, 3, 2 }));
        Assert.That(places[0], Is.EqualTo(new SlotAnswer(1, 3, "the cluster has 1 backups under way and the limit is 1 (--max-backups)", IsNews: true)));
    }

    [Test]
    public void Nobody_starves_and_no_limit_is_passed_whatever_comes_and_goes()
    {
        var random = new Random(20261122);
        var limits = new SlotLimits { Cluster = 7, Namespace = 3, Repository = 4, Node = 2, StorageClass = 5 };
        List<SlotRequest> held = [];
        var waiting = Enumerable.Range(0, 400).Select(index => Request($"n{random.Next(6)}/{index}", due: random.Next(50), repository: $"r{random.Next(5)}", storageClass: $"s{random.Next(3)}", node: $"k{random.Next(4)}")).ToList();
        for (var round = 0; waiting.Count > 0; round++)
        {
            Assert.That(round, Is.LessThan(2000), "somebody starves");
            var granted = SlotRule.Grant(limits, held, waiting);
            held.AddRange(granted);
            waiting.RemoveAll(granted.Contains);
            Assert.That(held, Has.Count.LessThanOrEqualTo(7));
            Assert.That(held.CountBy(request => request.Name.Namespace).Max(pair => pair.Value), Is.LessThanOrEqualTo(3));
            Assert.That(held.CountBy(request => request.Repository).Max(pair => pair.Value), Is.LessThanOrEqualTo(4));
            Assert.That(held.CountBy(request => request.Nodes[0]).Max(pair => pair.Value), Is.LessThanOrEqualTo(2));
            Assert.That(held.CountBy(request => request.StorageClasses[0]).Max(pair => pair.Value), Is.LessThanOrEqualTo(5));
            held.RemoveAt(random.Next(held.Count));
        }
    }

    private static SlotRequest Request(string name, int due = 0, string repository = "r", string storageClass = "s", string node = "k") =>
        new(name, new NamespacedName(name.Split('/')[0], name.Split('/')[1]), A.Noon.AddSeconds(due), repository, [storageClass], [node]);

    private static string Names(IReadOnlyList<SlotRequest> requests) => string.Join(' ', requests.Select(request => request.Name));
}
