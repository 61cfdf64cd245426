using System.Net;
using System.Text.Json;
using Walle.Controller.Kubernetes;

namespace Walle.Controller.Informers;

/// <summary>
/// The one place that says which error is of which class. Ported semantics:
/// https://github.com/kubernetes/client-go/blob/master/tools/cache/reflector.go (isExpiredError, isTooLargeResourceVersionError, isWatchErrorRetriable).
/// </summary>
internal static class FailureClassifier
{
    /// <summary>Reason in status.details.causes of an answer 504: the resource version lies in the server's future (etcd was restored).</summary>
    private const string TooLargeCause = "ResourceVersionTooLarge";

    /// <summary>Servers before Kubernetes 1.17 have no such cause, only this message.</summary>
    private const string TooLargeMessage = "Too large resource version";

    /// <summary>An HTTP answer that is not 200, or a Status inside a watch.</summary>
    public static ListWatchException FromStatus(int code, ApiStatus status, TimeSpan? retryAfter)
    {
        var message = status.Message.Length > 0 ? status.Message : $"HTTP {code}";
        return new ListWatchException(Classify(code, status), message)
        {
            RetryAfter = retryAfter ?? (status.RetryAfterSeconds > 0 ? TimeSpan.FromSeconds(status.RetryAfterSeconds) : null),
        };
    }

    public static ListWatchException FromException(Exception exception) => exception switch
    {
        ListWatchException known => known,
        // Bytes that are no UTF-8, and half a surrogate pair, are an InvalidOperationException to the reader, and no better the next time either.
        JsonException or (InvalidOperationException and not ObjectDisposedException) => new ListWatchException(ListWatchFailure.Undecodable, exception.Message, exception),
        _ => new ListWatchException(ListWatchFailure.Transient, Innermost(exception).Message, exception),
    };

    private static ListWatchFailure Classify(int code, ApiStatus status) => (HttpStatusCode)code switch
    {
        HttpStatusCode.Gone => ListWatchFailure.Expired,
        _ when status.Reason is "Expired" or "Gone" => ListWatchFailure.Expired,
        _ when status.HasCause(TooLargeCause) || status.Message.Contains(TooLargeMessage, StringComparison.Ordinal) => ListWatchFailure.Expired,
        HttpStatusCode.TooManyRequests => ListWatchFailure.Throttled,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ListWatchFailure.Forbidden,
        HttpStatusCode.NotFound => ListWatchFailure.NotServed,
        _ => ListWatchFailure.Transient,
    };

    /// <summary>HttpRequestException says "An error occurred while sending the request"; the cause is inside.</summary>
    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;
        return exception;
    }
}
