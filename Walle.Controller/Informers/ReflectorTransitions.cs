using static Walle.Controller.Informers.ReflectorDelay;
using static Walle.Controller.Informers.ReflectorEmit;
using static Walle.Controller.Informers.ReflectorPhase;

namespace Walle.Controller.Informers;

/// <summary>
/// The Reflector's decisions, and nothing else: (state, input) -> (state, what to emit, how long to wait). Ported semantics:
/// https://github.com/kubernetes/client-go/blob/master/tools/cache/reflector.go and https://github.com/kube-rs/kube/blob/main/kube-runtime/src/watcher.rs.
/// </summary>
internal static class ReflectorTransitions
{
    /// <summary>Servers start to answer before all their kinds are installed (Kubernetes before 1.23), so one 404 empties no store that was filled.</summary>
    public const int RefusalsToBelieve = 3;

    /// <summary>
    /// A server whose etcd was restored sends nothing at all to a watch that starts in its future. A server that sends bookmarks sends at least one
    /// before it ends a watch, so two watches without any are suspicious enough for a list.
    /// </summary>
    public const int SilentWatchesToRelist = 2;

    public static ReflectorTransition Next(ReflectorState state, ReflectorInput input) => (state.Phase, input.Kind) switch
    {
        (_, ReflectorInputKind.Cancelled) => new(state with { Phase = Stopped }),
        (Empty, ReflectorInputKind.Started) => new(state with { Phase = Listing, ContinueToken = null }),
        (Listing, ReflectorInputKind.PageRead) => PageRead(state, input),
        (Listing, ReflectorInputKind.Failed) => ListFailed(state, input.Failure),
        (Listed, ReflectorInputKind.WatchOpened) => new(state with { Phase = Watching }),
        (Watching, ReflectorInputKind.Applied) when IsBefore(input, state) => Relist(state),
        (Watching, ReflectorInputKind.Applied) => new(Advance(state, input), Applied),
        // Some servers give a deleted object its last version instead of that of the deletion: then the watch's own version stays.
        (Watching, ReflectorInputKind.Deleted) when IsBefore(input, state) => new(state with { SilentWatches = 0 }, Deleted),
        (Watching, ReflectorInputKind.Deleted) => new(Advance(state, input), Deleted),
        (Watching, ReflectorInputKind.Bookmark) when IsBefore(input, state) => Relist(state),
        (Watching, ReflectorInputKind.Bookmark) => new(Advance(state, input)),
        (Listed or Watching, ReflectorInputKind.Ended) => new(state with { Phase = Listed, SilentWatches = 0 }),
        (Listed or Watching, ReflectorInputKind.EndedShort) => new(state with { Phase = Listed }, Delay: Exponential),
        (Listed or Watching, ReflectorInputKind.EndedSilent) => EndedSilent(state),
        (Listed or Watching, ReflectorInputKind.Failed) => WatchFailed(state, input.Failure),
        _ => throw new InvalidOperationException($"A reflector that is {state.Phase} cannot take {input.Kind}."),
    };

    private static ReflectorTransition PageRead(ReflectorState state, ReflectorInput input) => input.ContinueToken is { } token
        ? new(state with { ContinueToken = token })
        : new(new ReflectorState(Listed) { ResourceVersion = input.ResourceVersion, WasServed = true }, Replaced);

    private static ReflectorTransition ListFailed(ReflectorState state, ListWatchFailure failure) => failure switch
    {
        // As client-go's pager: a list that expires between two pages is read again in one piece.
        ListWatchFailure.Expired => new(state with { Phase = Empty, ContinueToken = null, IsUnpaged = true }, Delay: Exponential),
        ListWatchFailure.NotServed => NotServed(state),
        ListWatchFailure.Forbidden => new(state, Delay: Long),
        ListWatchFailure.Undecodable => new(state with { Phase = Empty, ContinueToken = null }, Delay: Exponential),
        // The same page again: starting over would add load to a server that has too much of it.
        _ => new(state, Delay: Exponential),
    };

    private static ReflectorTransition NotServed(ReflectorState state)
    {
        var next = state with { Phase = Empty, ContinueToken = null, Refusals = state.Refusals + 1 };
        return state.WasServed && next.Refusals < RefusalsToBelieve
            ? new(next, Delay: Exponential)
            : new(next with { WasServed = false }, Absent, Long);
    }

    private static ReflectorTransition WatchFailed(ReflectorState state, ListWatchFailure failure) => failure switch
    {
        ListWatchFailure.Closed => new(state with { Phase = Listed }),
        // The list tells whether the kind is gone.
        ListWatchFailure.NotServed => Relist(state),
        // With back-off, as in client-go: a server whose watches always expire must not be asked for lists in a hot loop.
        ListWatchFailure.Expired or ListWatchFailure.Undecodable => Relist(state),
        ListWatchFailure.Forbidden => new(state with { Phase = Listed }, Delay: Long),
        _ => new(state with { Phase = Listed }, Delay: Exponential),
    };

    private static ReflectorTransition EndedSilent(ReflectorState state)
    {
        var silentWatches = state.SilentWatches + 1;
        return silentWatches < SilentWatchesToRelist
            ? new(state with { Phase = Listed, SilentWatches = silentWatches })
            : new(state with { Phase = Empty, SilentWatches = 0 });
    }

    private static ReflectorTransition Relist(ReflectorState state) => new(state with { Phase = Empty }, Delay: Exponential);

    private static ReflectorState Advance(ReflectorState state, ReflectorInput input) =>
        state with { ResourceVersion = input.ResourceVersion, SilentWatches = 0 };

    /// <summary>
    /// The server has gone back in time, or repeats itself: either way a list tells the truth. Versions that are no numbers are not compared; those
    /// that are may be (https://kep.k8s.io/5504).
    /// </summary>
    private static bool IsBefore(ReflectorInput input, ReflectorState state) =>
        ulong.TryParse(input.ResourceVersion, out var newer) && ulong.TryParse(state.ResourceVersion, out var known) && newer < known;
}
