namespace Walle.Worker.Retention;

/// <summary>How many snapshots of each kind are kept; 0: none by this rule.</summary>
internal sealed record KeepPolicy
{
    public int Last { get; set; }
    public int Hourly { get; set; }
    public int Daily { get; set; }
    public int Weekly { get; set; }
    public int Monthly { get; set; }
    public int Yearly { get; set; }
    public KeepDuration? Within { get; set; }
    public List<string> Tags { get; } = [];

    /// <summary>A policy without a rule is not one that keeps nothing: it forgets nothing.</summary>
    public bool IsEmpty => this is { Last: 0, Hourly: 0, Daily: 0, Weekly: 0, Monthly: 0, Yearly: 0, Within: null, Tags.Count: 0 };
}
