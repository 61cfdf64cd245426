using Walle.Controller.Projections;

namespace Walle.Controller.Informers;

/// <summary>
/// Where a Reflector gets its objects from. Fails with <see cref="ListWatchException"/> only, or with OperationCanceledException when the token given
/// to it was triggered. One call at a time.
/// </summary>
internal interface IListerWatcher<T>
    where T : class, IProjection
{
    /// <param name="limit">Objects a page at most; null: the whole list at once.</param>
    /// <param name="continueToken">From the page before; null: the first.</param>
    Task<ListPage<T>> ListPageAsync(int? limit, string? continueToken, CancellationToken cancellationToken);

    /// <summary>The first event is Opened: the server has accepted the watch. Ends when the server ends it.</summary>
    /// <param name="resourceVersion">Events after this one.</param>
    /// <param name="timeout">When the server is asked to end the watch.</param>
    IAsyncEnumerable<WatchEvent<T>> WatchAsync(string resourceVersion, TimeSpan timeout, CancellationToken cancellationToken);
}
