using NUnit.Framework;
using Walle.Controller.Queue;

namespace Walle.Tests.Queue;

internal sealed class RoundRobinQueueTests
{
    [Test]
    public void Groups_TakeTurns_AndEachIsServedInOrder()
    {
        Assert.That(Drain(Filled("a/1", "a/2", "a/3", "b/1", "c/1", "b/2")), Is.EqualTo(new[] { "a/1", "b/1", "c/1", "a/2", "b/2", "a/3" }));
    }

    [Test]
    public void Newcomer_WaitsForOneItemOfEachOtherGroup_HoweverManyThereAre()
    {
        var queue = Filled([.. Enumerable.Range(0, 5000).Select(index => $"crowd/{index}"), "other/1"]);
        Take(queue);
        queue.Enqueue("late/1");

        Assert.That(new[] { Take(queue), Take(queue), Take(queue) }, Is.EqualTo(new[] { "other/1", "crowd/1", "late/1" }));
    }

    [Test]
    public void Group_RanEmpty_ComesBackAtTheEnd()
    {
        var queue = Filled("a/1", "b/1", "b/2");
        Take(queue);
        queue.Enqueue("a/2");

        Assert.That(Drain(queue), Is.EqualTo(new[] { "b/1", "a/2", "b/2" }));
    }

    [Test]
    public void Empty_GivesNothing()
    {
        var queue = Filled("a/1");
        Take(queue);
        Assert.That(queue.TryDequeue(out _), Is.False);
        Assert.That(queue.Count, Is.Zero);
    }

    /// <summary>No item is lost or doubled, none overtakes another of its group, and between two of one group no other waiting group is passed over.</summary>
    [Test]
    public void AnyHistory_LosesNothingAndPassesNobodyOver([Range(1, 50)] int seed)
    {
        var random = new Random(seed);
        var queue = Filled();
        Dictionary<string, Queue<string>> waiting = [];
        Dictionary<string, int> passed = [];
        for (var step = 0; step < 2000; step++)
        {
            if (random.Next(100) < 50)
            {
                var item = $"{(random.Next(3) == 0 ? random.Next(8) : 0)}/{step}";
                queue.Enqueue(item);
                waiting.TryAdd(Group(item), new Queue<string>());
                waiting[Group(item)].Enqueue(item);
            }
            else if (queue.TryDequeue(out var item))
            {
                Assert.That(item, Is.EqualTo(waiting[Group(item)].Dequeue()));
                passed[Group(item)] = 0;
                foreach (var other in waiting.Keys.Where(other => other != Group(item) && waiting[other].Count > 0))
                    Assert.That(passed[other] = passed.GetValueOrDefault(other) + 1, Is.LessThan(waiting.Count), "others were served while it waited");
            }
            else
            {
                Assert.That(waiting.Values.Sum(items => items.Count), Is.Zero);
            }

            Assert.That(queue.Count, Is.EqualTo(waiting.Values.Sum(items => items.Count)));
        }
    }

    private static string Group(string item) => item.Split('/')[0];

    private static RoundRobinQueue<string> Filled(params string[] items)
    {
        var queue = new RoundRobinQueue<string>(Group);
        Array.ForEach(items, queue.Enqueue);
        return queue;
    }

    private static string Take(RoundRobinQueue<string> queue) => queue.TryDequeue(out var item) ? item : throw new AssertionException("the queue is empty");

    private static List<string> Drain(RoundRobinQueue<string> queue)
    {
        List<string> items = [];
        while (queue.TryDequeue(out var item))
            items.Add(item);
        return items;
    }
}
