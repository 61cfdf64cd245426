using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Walle.Controller.Queue;

namespace Walle.Tests.Queue;

/// <summary>In meaning those of https://github.com/kubernetes/client-go/blob/master/util/workqueue/default_rate_limiters_test.go</summary>
internal sealed class RateLimiterTests
{
    [Test]
    public void ItemExponential_Failures_DoubleUpToTheCap()
    {
        var limiter = new ExponentialFailureRateLimiter<string>(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20));
        var delays = Enumerable.Range(0, 7).Select(_ => limiter.When("a").TotalMilliseconds).ToList();

        Assert.That(delays, Is.EqualTo(new double[] { 1, 2, 4, 8, 16, 20, 20 }));
        Assert.That(limiter.NumRequeues("a"), Is.EqualTo(7));
        Assert.That(limiter.When("b").TotalMilliseconds, Is.EqualTo(1), "each item has its own count");
    }

    [Test]
    public void ItemExponential_Forget_StartsAnew()
    {
        var limiter = new ExponentialFailureRateLimiter<string>(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1));
        limiter.When("a");
        limiter.When("a");
        limiter.Forget("a");
        Assert.That((limiter.NumRequeues("a"), limiter.When("a").TotalMilliseconds), Is.EqualTo((0, 1)));
    }

    /// <summary>Where 2^n no longer fits, the delay must stay at the cap: a wrapped one would be none at all.</summary>
    [TestCase(1, 1000)]
    [TestCase(60_000, 3600_000)]
    public void ItemExponential_ManyFailures_NeverOverflow(int baseMilliseconds, int maxMilliseconds)
    {
        var max = TimeSpan.FromMilliseconds(maxMilliseconds);
        var limiter = new ExponentialFailureRateLimiter<string>(TimeSpan.FromMilliseconds(baseMilliseconds), max);
        for (var i = 0; i < 64; i++)
            limiter.When("a");
        for (var i = 0; i < 2000; i++)
            Assert.That(limiter.When("a"), Is.EqualTo(max));
    }

    [Test]
    public void ItemExponential_CapAtMaxValue_NeverOverflows()
    {
        var limiter = new ExponentialFailureRateLimiter<string>(TimeSpan.FromTicks(1), TimeSpan.MaxValue);
        TimeSpan last = default;
        for (var i = 0; i < 2000; i++)
        {
            var delay = limiter.When("a");
            Assert.That(delay, Is.GreaterThanOrEqualTo(last));
            last = delay;
        }

        Assert.That(last, Is.EqualTo(TimeSpan.MaxValue));
    }

    [Test]
    public void TokenBucket_BurstThenRate()
    {
        var time = new FakeTimeProvider();
        var bucket = new TokenBucketRateLimiter(time, perSecond: 10, burst: 2);
        var delays = Enumerable.Range(0, 4).Select(_ => bucket.When().TotalMilliseconds).ToList();
        Assert.That(delays, Is.EqualTo(new double[] { 0, 0, 100, 200 }));

        time.Advance(TimeSpan.FromMilliseconds(300));
        Assert.That(bucket.When(), Is.EqualTo(TimeSpan.Zero), "the debt of two is paid and one token is there");
        time.Advance(TimeSpan.FromHours(1));
        delays = [.. Enumerable.Range(0, 3).Select(_ => bucket.When().TotalMilliseconds)];
        Assert.That(delays, Is.EqualTo(new double[] { 0, 0, 100 }), "an hour saves up no more than the burst");
    }
}
