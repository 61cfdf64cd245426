using System.Diagnostics;
using NUnit.Framework;

namespace Walle.Tests.Fakes;

/// <summary>Waits for what other threads bring about, without a guess of how long that takes.</summary>
internal static class Eventually
{
    public static async Task BecomesTrue(Func<bool> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(10))
                Assert.Fail($"still not so after 10 s: {what}");
            await Task.Yield();
        }
    }
}
