using System.Collections.Concurrent;

namespace Walle.Controller.Reconcilers;

/// <summary>
/// Whose end this process has told by an Event. An end that is written down and was told by nobody (the controller was killed in between, or the answer to
/// the write was lost) is told when the object is cleaned up. An Event's name is made from what it says, so that told twice is told once.
/// </summary>
internal sealed class ToldEnds
{
    private readonly ConcurrentDictionary<ReconcileRequest, string> _uids = new();

    /// <returns>False: it was told already.</returns>
    public bool Add(ReconcileRequest request, string? uid)
    {
        if (uid is null || (_uids.TryGetValue(request, out var told) && told == uid))
            return false;
        _uids[request] = uid;
        return true;
    }

    public void Forget(ReconcileRequest request) => _uids.TryRemove(request, out _);
}
