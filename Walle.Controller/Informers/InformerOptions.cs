namespace Walle.Controller.Informers;

/// <summary>Constants of list and watch; those of back-off are client-go's (tools/cache/reflector.go).</summary>
internal sealed record InformerOptions
{
    public static InformerOptions Default { get; } = new();

    public int PageSize { get; init; } = 500;

    /// <summary>Each watch asks for a random time between the two, so that the watches of many clients do not all end at once.</summary>
    public TimeSpan ShortestWatch { get; init; } = TimeSpan.FromSeconds(240);
    public TimeSpan LongestWatch { get; init; } = TimeSpan.FromSeconds(480);

    /// <summary>How long after its timeout a watch that the server has not ended counts as dead.</summary>
    public TimeSpan IdleMargin { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For one page of a list.</summary>
    public TimeSpan PageTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A watch that ends earlier and brought nothing new is followed by a back-off.</summary>
    public TimeSpan ShortWatch { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Deltas between Reflector and pump. When it is full the Reflector stops reading: nothing is dropped.</summary>
    public int ChannelCapacity { get; init; } = 1024;

    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(800);
    public TimeSpan LastDelay { get; init; } = TimeSpan.FromSeconds(30);
    public TimeSpan FirstLongDelay { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan LastLongDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Without a failure for so long, the next delay is the first one again.</summary>
    public TimeSpan HealthyAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A loop that has not taken a step for so long is stuck: longer than any watch, page or delay may last.</summary>
    public TimeSpan StuckAfter => LongestWatch + IdleMargin + TimeSpan.FromMinutes(2);
}
