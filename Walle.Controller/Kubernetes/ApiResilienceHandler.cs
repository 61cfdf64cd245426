using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Walle.Controller.Kubernetes;

/// <summary>
/// The one place where a single API call is tried again. Only where that is safe:
/// <list type="bullet">
/// <item>any verb, when the server did not begin (429; the connection was never made);</item>
/// <item>GET, also after 5xx, or when the connection broke before the answer. A POST, PATCH or DELETE of which nobody knows whether it
/// was carried out is for the reconciler to look at again: it reads first, then acts.</item>
/// </list>
/// Watches pass through: the Reflector retries them, and they have no total time.
/// </summary>
internal sealed partial class ApiResilienceHandler : DelegatingHandler
{
    private static readonly ResiliencePropertyKey<HttpRequestMessage> RequestKey = new("request");

    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;
    private readonly ApiResilienceOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ApiResilienceHandler> _logger;
    private readonly Counter<long> _retries;

    public ApiResilienceHandler(ApiResilienceOptions options, Meter meter, TimeProvider time, ILogger<ApiResilienceHandler> logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _retries = meter.CreateCounter<long>("walle_api_retries", description: "API calls tried again at once, by what was wrong.");
        _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddTimeout(options.TotalTimeout)
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.MaxRetries,
                Delay = options.BaseDelay,
                MaxDelay = options.MaxDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => new(ShouldRetry(Request(arguments.Context), arguments.Outcome)),
                // As many seconds for everybody would bring everybody back at once.
                DelayGenerator = arguments => new(RetryAfter(arguments.Outcome.Result) + (options.BaseDelay * Random.Shared.NextDouble())),
                OnRetry = arguments =>
                {
                    LogRetry(Request(arguments.Context), arguments.Outcome, arguments.RetryDelay);
                    arguments.Outcome.Result?.Dispose();
                    return default;
                },
            })
            .Build();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsStream(request))
            return await base.SendAsync(request, cancellationToken);

        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(RequestKey, request);
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (context, send) => await send(Request(context), context.CancellationToken), context, (SendOnce)base.SendAsync);
        }
        catch (TimeoutRejectedException timeout)
        {
            // What HttpClient's callers know, and with the call's name: "TimeoutRejectedException" says nothing of the API server.
            throw new HttpRequestException(
                $"{request.Method} {request.RequestUri?.AbsolutePath}: no answer from the API server within {_options.TotalTimeout.TotalSeconds} s", timeout);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private delegate Task<HttpResponseMessage> SendOnce(HttpRequestMessage request, CancellationToken cancellationToken);

    private static HttpRequestMessage Request(ResilienceContext context) => context.Properties.GetValue(RequestKey, null!);

    /// <summary>A watch, or a request to leave HTTP (exec).</summary>
    private static bool IsStream(HttpRequestMessage request) =>
        request.Headers.Upgrade.Count > 0
        || (request.RequestUri?.Query is { } query && (query.Contains("watch=true", StringComparison.OrdinalIgnoreCase) || query.Contains("watch=1", StringComparison.Ordinal)));

    private bool ShouldRetry(HttpRequestMessage request, Outcome<HttpResponseMessage> outcome) =>
        IsSafeToRetry(request, outcome) && (RetryAfter(outcome.Result) ?? TimeSpan.Zero) <= _options.MaxRetryAfter;

    private static bool IsSafeToRetry(HttpRequestMessage request, Outcome<HttpResponseMessage> outcome)
    {
        // The server's flow control refuses before it begins: https://kubernetes.io/docs/concepts/cluster-administration/flow-control/
        if (outcome.Result?.StatusCode == HttpStatusCode.TooManyRequests)
            return true;
        if (outcome.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError })
            return true;
        if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head)
            return false;
        return outcome.Result is { StatusCode: >= HttpStatusCode.InternalServerError } || outcome.Exception is HttpRequestException or IOException;
    }

    /// <summary>What the server asks for; null when it asks for nothing.</summary>
    private TimeSpan? RetryAfter(HttpResponseMessage? response)
    {
        var asked = response?.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - _time.GetUtcNow(),
            _ => TimeSpan.Zero,
        };
        return asked > TimeSpan.Zero ? asked : null;
    }

    private void LogRetry(HttpRequestMessage request, Outcome<HttpResponseMessage> outcome, TimeSpan delay)
    {
        var reason = outcome.Result is { } response ? $"{(int)response.StatusCode}" : $"{(outcome.Exception as HttpRequestException)?.HttpRequestError}";
        _retries.Add(1, new KeyValuePair<string, object?>("method", request.Method.Method), new KeyValuePair<string, object?>("reason", reason));
        LogRetry(request.Method.Method, request.RequestUri?.AbsolutePath, reason, delay.TotalSeconds);
    }

    [LoggerMessage(1, LogLevel.Debug, "{Method} {Path}: {Reason}; trying again in {Seconds} s")]
    private partial void LogRetry(string method, string? path, string reason, double seconds);
}
