using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;
using Walle.Controller.Projections.Decoding;

namespace Walle.Controller.Informers;

/// <summary>
/// Lists and watches over plain HTTP, reading objects straight into projections: no string of a body, no object model of KubernetesClient (whose
/// watch parses each line twice and whose list keeps managedFields).
/// </summary>
/// <param name="ns">Null: all namespaces.</param>
internal sealed class HttpListerWatcher<T>(
    string kind,
    ApiConnection connection,
    ResourcePath path,
    string? ns,
    string? labelSelector,
    IProjectionDecoder<T> decoder,
    InformerMetrics metrics,
    TimeProvider timeProvider,
    ILogger logger) : IListerWatcher<T>
    where T : class, IProjection
{
    /// <summary>From the request to the answer's headers; kube-apiserver sends those of a watch at once.</summary>
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(30);

    /// <summary>A Status is much shorter.</summary>
    private const int LongestError = 64 * 1024;

    private readonly DecodeContext _context = new();

    public async Task<ListPage<T>> ListPageAsync(int? limit, string? continueToken, CancellationToken cancellationToken)
    {
        _context.WantsResourceVersion = false;
        var parser = new ListParser<T>(decoder, _context, ObjectSkipped, ObjectInvalid);
        try
        {
            using var response = await SendAsync(path.ListUri(ns, labelSelector, limit, continueToken), cancellationToken);
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var buffer = new JsonBuffer(stream);
            await buffer.ReadAsync(cancellationToken);
            while (true)
            {
                buffer.Use(parser.Parse(buffer.Unused.Span, buffer.IsEnded));
                if (buffer.IsEnded)
                    return parser.ToPage();
                await buffer.ReadMuchAsync(cancellationToken);
            }
        }
        catch (Exception exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw FailureClassifier.FromException(exception);
        }
    }

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync(string resourceVersion, TimeSpan timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _context.WantsResourceVersion = true;
        var parser = new WatchLineParser<T>(decoder, _context, ObjectInvalid);
        using var response = await OpenWatchAsync(resourceVersion, timeout, cancellationToken);
        yield return new WatchEvent<T>(WatchEventKind.Opened, null, "");
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new JsonBuffer(stream);
        var searched = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var length = buffer.Unused.Span[searched..].IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = buffer.Unused[..(searched + length)];
                searched = 0;
                var watchEvent = line.IsEmpty ? null : Parse(parser, line);
                buffer.Use(line.Length + 1);
                if (watchEvent is { } known)
                    yield return known;
                continue;
            }
            searched = buffer.Unused.Length;
            // Half a line at the end is no event: its resource version was not taken, so the server sends it again.
            if (buffer.IsEnded)
                yield break;
            await ReadAsync(buffer, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> OpenWatchAsync(string resourceVersion, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(path.WatchUri(ns, labelSelector, resourceVersion, (int)timeout.TotalSeconds), cancellationToken);
        }
        catch (Exception exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw FailureClassifier.FromException(exception);
        }
    }

    private static async ValueTask ReadAsync(JsonBuffer buffer, CancellationToken cancellationToken)
    {
        try
        {
            await buffer.ReadAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw FailureClassifier.FromException(exception);
        }
    }

    private static WatchEvent<T>? Parse(WatchLineParser<T> parser, ReadOnlyMemory<byte> line)
    {
        try
        {
            return parser.Parse(line);
        }
        catch (Exception exception)
        {
            throw FailureClassifier.FromException(exception);
        }
    }

    /// <summary>An answer of 200 with its body unread; every other one is thrown.</summary>
    private async Task<HttpResponseMessage> SendAsync(string uri, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(HeadersTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        HttpResponseMessage response;
        try
        {
            response = await connection.GetAsync(uri, either.Token);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested)
        {
            throw new ListWatchException(ListWatchFailure.Transient, $"no answer within {HeadersTimeout.TotalSeconds} s", exception);
        }
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
        {
            var status = ApiStatus.Parse(await ReadErrorAsync(response, cancellationToken));
            throw FailureClassifier.FromStatus((int)response.StatusCode, status, RetryAfter(response));
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - timeProvider.GetUtcNow(),
        _ => null,
    };

    private static async Task<ReadOnlyMemory<byte>> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var body = new byte[LongestError];
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        return body.AsMemory(0, length);
    }

    private void ObjectSkipped(string start, Exception? exception)
    {
        metrics.DecodeFailed(kind);
        ReflectorLog.ObjectSkipped(logger, kind, start, exception);
    }

    private void ObjectInvalid(T @object, string defect)
    {
        metrics.DecodeFailed(kind);
        ReflectorLog.ObjectInvalid(logger, kind, @object.Name.ToString(), defect);
    }
}
