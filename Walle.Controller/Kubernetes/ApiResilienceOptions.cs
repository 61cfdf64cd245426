namespace Walle.Controller.Kubernetes;

/// <summary>How long and how often a single API call is tried.</summary>
internal sealed record ApiResilienceOptions
{
    /// <summary>Few: the work queue and the Reflector have their own retries, and nested ones multiply.</summary>
    public int MaxRetries { get; init; } = 3;

    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Asked to wait for longer, the call ends with that answer: the work queue waits better, as it holds no worker meanwhile.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A call and all its retries, up to the headers of the answer: below a reconcile's time-out, so that the reconcile can say what failed.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(25);
}
