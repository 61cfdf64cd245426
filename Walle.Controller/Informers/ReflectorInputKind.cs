namespace Walle.Controller.Informers;

internal enum ReflectorInputKind
{
    /// <summary>The loop begins, or a back-off is over.</summary>
    Started,
    PageRead,
    WatchOpened,
    Applied,
    Deleted,
    Bookmark,
    Ended,
    EndedShort,
    EndedSilent,
    Failed,
    Cancelled,
}
