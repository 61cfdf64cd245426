using System.Diagnostics;
using NUnit.Framework;

namespace Walle.Tests.EndToEnd;

/// <summary>Polls until a condition holds; for what is started once for all tests, outside of any test's body.</summary>
internal static class Patience
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan deadline, Func<string> what)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > deadline)
                throw new AssertionException($"after {deadline}: {what()}");
            await Task.Delay(PollInterval, TimeProvider.System, CancellationToken.None);
        }
    }
}
