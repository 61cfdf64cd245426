namespace Walle.Controller.Informers;

/// <summary>All that decides what a Reflector does next.</summary>
internal readonly record struct ReflectorState(ReflectorPhase Phase)
{
    /// <summary>Where the watch resumes. Empty before the first list.</summary>
    public string ResourceVersion { get; init; } = "";

    /// <summary>Of the page to read next; null for the first.</summary>
    public string? ContinueToken { get; init; }

    /// <summary>The last paged list expired before its end: the next one is read in one piece, or a large list might never be got to its end.</summary>
    public bool IsUnpaged { get; init; }

    /// <summary>A list of the kind has succeeded before, so that a 404 has to be believed only when it is repeated.</summary>
    public bool WasServed { get; init; }

    /// <summary>Lists answered 404 in a row.</summary>
    public int Refusals { get; init; }

    /// <summary>Watches in a row that lived to their timeout without a single event or bookmark.</summary>
    public int SilentWatches { get; init; }

    public static ReflectorState Initial { get; } = new(ReflectorPhase.Empty);
}
