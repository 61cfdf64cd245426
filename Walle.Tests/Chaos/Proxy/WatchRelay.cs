using System.Text;
using Microsoft.AspNetCore.Http;

namespace Walle.Tests.Chaos.Proxy;

/// <summary>Passes the lines of a watch on, each an event, with what a rule does to them.</summary>
internal sealed class WatchRelay(FaultRule? fault, TimeProvider time)
{
    private const string Expired = """{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too old resource version (fault)","reason":"Expired","code":410}}""";

    private readonly List<string> _sent = [];

    /// <summary>Ends with the watch, or when the client goes.</summary>
    public async Task RelayAsync(Stream source, HttpResponse to, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(source, Encoding.UTF8);
        var events = 0;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith("""{"type":"BOOKMARK""", StringComparison.Ordinal))
            {
                if (fault?.Action != FaultAction.NoBookmarks)
                    await SendAsync(to, line, cancellationToken);
                continue;
            }

            events++;
            switch (fault?.Action)
            {
                case FaultAction.FreezeWatch when events == fault.Count:
                    await Task.Delay(fault.Duration, time, cancellationToken);
                    break;
                case FaultAction.DropEvents when events <= fault.Count:
                    if (events == fault.Count)
                    {
                        await SendAsync(to, Expired, cancellationToken);
                        return;
                    }

                    continue;
                case FaultAction.DuplicateEvents:
                    await SendAsync(to, line, cancellationToken);
                    break;
                case FaultAction.ReplayEvents when _sent.Count > 0:
                    await SendAsync(to, _sent[^1], cancellationToken);
                    break;
            }

            await SendAsync(to, line, cancellationToken);
            _sent.Add(line);
            if (events < fault?.Count)
                continue;
            if (fault?.Action == FaultAction.Gone)
            {
                await SendAsync(to, Expired, cancellationToken);
                return;
            }

            if (fault?.Action == FaultAction.EndWatch)
                return;
        }
    }

    private static async Task SendAsync(HttpResponse to, string line, CancellationToken cancellationToken)
    {
        await to.WriteAsync(line + "\n", cancellationToken);
        await to.Body.FlushAsync(cancellationToken);
    }
}
