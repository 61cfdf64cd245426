namespace Walle.Controller.Informers;

/// <summary>Why a list or a watch ended early. What follows from each stands in <see cref="ReflectorTransitions"/> alone.</summary>
internal enum ListWatchFailure
{
    /// <summary>The stream ended, quietly or by the idle watchdog: normal, servers end every watch.</summary>
    Closed,

    /// <summary>The resource version or the continue token is too old, or ahead of the server (HTTP 410, or a Status in the stream): list again.</summary>
    Expired,

    /// <summary>HTTP 429: come back later, from where we were.</summary>
    Throttled,

    /// <summary>HTTP 401 or 403.</summary>
    Forbidden,

    /// <summary>HTTP 404 for a list: the kind is not installed.</summary>
    NotServed,

    /// <summary>Connection refused or broken, timeout, HTTP 5xx and what else may pass.</summary>
    Transient,

    /// <summary>The server's answer is no JSON, or not the JSON that it should be: events may have been lost.</summary>
    Undecodable,
}
