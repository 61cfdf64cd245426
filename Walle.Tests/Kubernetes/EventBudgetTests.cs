using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Walle.Controller.Kubernetes;

namespace Walle.Tests.Kubernetes;

internal sealed class EventBudgetTests
{
    [Test]
    public void One_object_has_25_Events_at_once_and_then_one_a_minute()
    {
        var time = new FakeTimeProvider();
        var budget = new EventBudget(time);
        Assert.That(Enumerable.Range(0, 40).Count(_ => budget.TryTake("a")), Is.EqualTo(25));
        time.Advance(TimeSpan.FromMinutes(3));
        Assert.That(Enumerable.Range(0, 40).Count(_ => budget.TryTake("a")), Is.EqualTo(3));
        time.Advance(TimeSpan.FromDays(1));
        Assert.That(Enumerable.Range(0, 40).Count(_ => budget.TryTake("a")), Is.EqualTo(25), "no more than at first");
    }

    [Test]
    public void One_that_has_too_many_takes_none_of_anothers()
    {
        var budget = new EventBudget(new FakeTimeProvider());
        while (budget.TryTake("a"))
        {
        }

        Assert.That(budget.TryTake("b"));
    }

    [Test]
    public void A_clock_that_is_set_back_gives_and_takes_nothing()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(1)) { AutoAdvanceAmount = TimeSpan.Zero };
        var budget = new EventBudget(time);
        Assert.That(Enumerable.Range(0, 20).All(_ => budget.TryTake("a")));
        time.AdjustTime(DateTimeOffset.UnixEpoch);
        Assert.That(Enumerable.Range(0, 40).Count(_ => budget.TryTake("a")), Is.EqualTo(5));
    }

    [Test]
    public void Many_objects_do_not_make_it_forget_one_that_has_just_had_too_many()
    {
        var time = new FakeTimeProvider();
        var budget = new EventBudget(time);
        for (var i = 0; i < 4000; i++)
            Assert.That(budget.TryTake($"{i}"));
        time.Advance(TimeSpan.FromMinutes(1));
        while (budget.TryTake("loud"))
        {
        }

        for (var i = 4000; i < 8000; i++)
            Assert.That(budget.TryTake($"{i}"));
        Assert.That(budget.TryTake("loud"), Is.False);
    }
}
