namespace Walle.Tests.Chaos.Proxy;

/// <summary>What the proxy does instead of passing a call on. The ids are those of reliability.md §6.1.</summary>
internal enum FaultAction
{
    /// <summary>The answer comes late.</summary>
    Delay,

    /// <summary>The server is never asked; the client gets a status code, with Retry-After where the rule has one (F07, F08, F20).</summary>
    Answer,

    /// <summary>The connection breaks before the server is asked.</summary>
    DropBefore,

    /// <summary>The server has carried it out, and nobody learns of it (F09).</summary>
    DropAfter,

    /// <summary>SIGKILL before the server is asked (F01).</summary>
    KillBefore,

    /// <summary>SIGKILL once the server has carried it out (F01).</summary>
    KillAfter,

    /// <summary>The connection breaks after so many bytes of the answer.</summary>
    CutBody,

    /// <summary>A watch stays open and brings nothing for a while (F11, F12).</summary>
    FreezeWatch,

    /// <summary>So many events of a watch are lost, and then the server says 410, as after a compaction: states that nobody saw (F15).</summary>
    DropEvents,

    /// <summary>Each event of a watch comes twice (F14).</summary>
    DuplicateEvents,

    /// <summary>Before each event of a watch the one before it comes again (F14).</summary>
    ReplayEvents,

    /// <summary>410 Gone in the stream of a watch, after so many events (F10).</summary>
    Gone,

    /// <summary>A watch ends without a word after so many events (F13).</summary>
    EndWatch,

    /// <summary>A watch has no bookmarks.</summary>
    NoBookmarks,
}
