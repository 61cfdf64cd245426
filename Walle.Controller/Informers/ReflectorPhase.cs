namespace Walle.Controller.Informers;

//            Started            last page             opened
//   Empty ------------> Listing -------> Listed <==========> Watching
//     ^                    |                     end, 429, 5xx   |
//     +--------------------+-------------------------------------+   410, undecodable

/// <summary>Where a Reflector stands.</summary>
internal enum ReflectorPhase
{
    /// <summary>Nothing is known, or what is known can no longer be followed.</summary>
    Empty,

    Listing,

    /// <summary>Everything up to the resource version is known; no watch is open.</summary>
    Listed,

    Watching,

    Stopped,
}
