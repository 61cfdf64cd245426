namespace Walle.Controller.Informers;

/// <summary>What happened to a Reflector.</summary>
internal readonly record struct ReflectorInput(ReflectorInputKind Kind)
{
    /// <summary>Of the list, the object or the bookmark.</summary>
    public string ResourceVersion { get; init; } = "";

    public string? ContinueToken { get; init; }

    public ListWatchFailure Failure { get; init; }

    public static ReflectorInput Started { get; } = new(ReflectorInputKind.Started);

    public static ReflectorInput WatchOpened { get; } = new(ReflectorInputKind.WatchOpened);

    public static ReflectorInput Cancelled { get; } = new(ReflectorInputKind.Cancelled);

    public static ReflectorInput PageRead(string resourceVersion, string? continueToken) =>
        new(ReflectorInputKind.PageRead) { ResourceVersion = resourceVersion, ContinueToken = continueToken };

    public static ReflectorInput Applied(string resourceVersion) => new(ReflectorInputKind.Applied) { ResourceVersion = resourceVersion };

    public static ReflectorInput Deleted(string resourceVersion) => new(ReflectorInputKind.Deleted) { ResourceVersion = resourceVersion };

    public static ReflectorInput Bookmark(string resourceVersion) => new(ReflectorInputKind.Bookmark) { ResourceVersion = resourceVersion };

    /// <param name="end">How the watch ended.</param>
    public static ReflectorInput Ended(WatchEnd end) => new(end switch
    {
        WatchEnd.Short => ReflectorInputKind.EndedShort,
        WatchEnd.Silent => ReflectorInputKind.EndedSilent,
        _ => ReflectorInputKind.Ended,
    });

    public static ReflectorInput Failed(ListWatchFailure failure) => new(ReflectorInputKind.Failed) { Failure = failure };
}
