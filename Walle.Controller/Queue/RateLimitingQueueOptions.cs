namespace Walle.Controller.Queue;

/// <summary>How fast failures are tried again.</summary>
internal sealed record RateLimitingQueueOptions
{
    /// <summary>First delay of an item that failed; doubled each time. Short: most failures are a cache that is a moment behind.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The delay is capped, never the count: an item that is given up would be stuck until it next changes.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Retries of all items together, so that an outage of a driver does not become one of the API server. client-go's figures.</summary>
    public double RetriesPerSecond { get; init; } = 10;

    public int RetryBurst { get; init; } = 100;
}
