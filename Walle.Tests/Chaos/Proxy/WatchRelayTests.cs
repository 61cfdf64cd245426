using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Walle.Tests.Chaos.Proxy;

/// <summary>What each fault does to the lines of a watch.</summary>
public sealed class WatchRelayTests
{
    private const string Bookmark = """{"type":"BOOKMARK","object":{}}""";

    private static readonly string[] Lines = ["""{"type":"ADDED","n":1}""", Bookmark, """{"type":"MODIFIED","n":2}""", """{"type":"DELETED","n":3}"""];

    [Test]
    public async Task WithoutAFault_AllPasses() => Assert.That(await RelayedAsync(null), Is.EqualTo(Lines));

    [TestCase(FaultAction.NoBookmarks, 1, "1 2 3")]
    [TestCase(FaultAction.DropEvents, 2, "B 410")]
    [TestCase(FaultAction.DuplicateEvents, 1, "1 1 B 2 2 3 3")]
    [TestCase(FaultAction.ReplayEvents, 1, "1 B 1 2 2 3")]
    [TestCase(FaultAction.Gone, 2, "1 B 2 410")]
    [TestCase(FaultAction.EndWatch, 1, "1")]
    public async Task Fault_ChangesTheLines(object action, int count, string expected)
    {
        var relayed = await RelayedAsync(new FaultRule("r", "watches", (FaultAction)action) { Count = count });
        Assert.That(string.Join(' ', relayed.Select(Short)), Is.EqualTo(expected));
    }

    [Test]
    public async Task FrozenWatch_StaysOpen_AndGoesOnLater()
    {
        var time = new FakeTimeProvider();
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        using var source = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', Lines) + "\n"));
        var relaying = new WatchRelay(new FaultRule("r", "watches", FaultAction.FreezeWatch) { Count = 2, Duration = TimeSpan.FromSeconds(20) }, time).RelayAsync(source, context.Response, CancellationToken.None);
        Assert.That(relaying.IsCompleted, Is.False);
        Assert.That(Sent(context).Select(Short), Is.EqualTo(new[] { "1", "B" }));
        time.Advance(TimeSpan.FromSeconds(20));
        await relaying;
        Assert.That(Sent(context), Is.EqualTo(Lines));
    }

    private static async Task<IReadOnlyList<string>> RelayedAsync(FaultRule? fault)
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        using var source = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', Lines) + "\n"));
        await new WatchRelay(fault, TimeProvider.System).RelayAsync(source, context.Response, CancellationToken.None);
        return Sent(context);
    }

    private static string[] Sent(DefaultHttpContext context) => Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Short(string line) => line switch
    {
        Bookmark => "B",
        _ when line.Contains("\"code\":410", StringComparison.Ordinal) => "410",
        _ => line[^2..^1],
    };
}
