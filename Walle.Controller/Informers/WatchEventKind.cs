namespace Walle.Controller.Informers;

internal enum WatchEventKind
{
    /// <summary>The server has accepted the watch.</summary>
    Opened,

    /// <summary>ADDED or MODIFIED.</summary>
    Applied,

    Deleted,

    /// <summary>No object, only a newer resource version to resume from.</summary>
    Bookmark,
}
