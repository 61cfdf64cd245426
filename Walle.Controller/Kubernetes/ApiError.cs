using System.Net;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Walle.Controller.Kubernetes;

/// <summary>Classifies exceptions of a request to the API server: once, here. Nobody else looks at status codes or message texts.</summary>
internal sealed record ApiError(ApiErrorClass Class, string Message)
{
    private const int MaxMessageLength = 512;

    /// <summary>Null for an exception that is no answer to a request: a bug, or our own cancellation.</summary>
    public static ApiError? From(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        HttpOperationException answer => FromStatus(answer.Response.StatusCode, Parse(answer.Response.Content)),
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        OperationCanceledException or TimeoutException => new ApiError(ApiErrorClass.Transient, "the API server did not answer in time"),
        HttpRequestException or IOException => new ApiError(ApiErrorClass.Transient, $"the API server cannot be reached: {exception.Message}"),
        _ => null,
    };

    public static bool Is(Exception exception, ApiErrorClass errorClass) => From(exception, CancellationToken.None)?.Class == errorClass;

    private static ApiError FromStatus(HttpStatusCode code, V1Status? status)
    {
        var message = status?.Message ?? $"the API server answered {(int)code}";
        message = message.Length <= MaxMessageLength ? message : message[..MaxMessageLength];
        var causes = status?.Details?.Causes?.Select(cause => cause.Reason).ToList() ?? [];
        return new ApiError(code switch
        {
            HttpStatusCode.NotFound or HttpStatusCode.Gone => ApiErrorClass.NotFound,
            HttpStatusCode.Conflict when status?.Reason == "AlreadyExists" => ApiErrorClass.AlreadyExists,
            HttpStatusCode.Conflict => ApiErrorClass.Conflict,
            HttpStatusCode.Forbidden when causes.Contains("NamespaceTerminating") => ApiErrorClass.NamespaceTerminating,
            HttpStatusCode.Forbidden when message.Contains("exceeded quota", StringComparison.Ordinal) => ApiErrorClass.QuotaExceeded,
            HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => ApiErrorClass.Forbidden,
            HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest => ApiErrorClass.Invalid,
            _ => ApiErrorClass.Transient,
        }, message);
    }

    private static V1Status? Parse(string? content)
    {
        try
        {
            return string.IsNullOrEmpty(content) ? null : KubernetesJson.Deserialize<V1Status>(content);
        }
        catch (JsonException)
        {
            // A proxy's page instead of a Status.
            return null;
        }
    }
}
