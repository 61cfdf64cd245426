namespace Walle.Controller.Informers;

/// <summary>One line of a watch. Added and Modified are one thing: what to do follows from the store, never from the event's name.</summary>
/// <param name="Object">Null for Opened and Bookmark.</param>
/// <param name="ResourceVersion">As the server wrote it: opaque, handed back to resume. Empty for Opened.</param>
internal readonly record struct WatchEvent<T>(WatchEventKind Kind, T? Object, string ResourceVersion)
    where T : class;
