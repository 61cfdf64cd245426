namespace Walle.Controller.Informers;

/// <summary>How a watch that did not fail came to its end.</summary>
internal enum WatchEnd
{
    /// <summary>It lived for a while, or brought something.</summary>
    Normal,

    /// <summary>It lived less than a second and went not one version on: opening the next at once might be a hot loop.</summary>
    Short,

    /// <summary>It lived to its timeout, or was ended by the watchdog, and not even a bookmark came.</summary>
    Silent,
}
