using System.Collections.Concurrent;

namespace Walle.Controller.Reconcilers;

/// <summary>
/// Read-your-writes: a key is not reconciled again before the store has seen its own last write, so that no decision is made from a state that the
/// controller itself has already changed (KEP-5647 does the same in Kubernetes' own controllers). Names are deterministic, so a miss costs a
/// wasted request and never a second object; the wait is therefore bounded.
/// </summary>
internal sealed class OwnWrites(TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<ReconcileRequest, (Func<bool> Seen, long Since)> _expected = new();

    public void Expect(ReconcileRequest request, Func<bool> seen) => _expected[request] = (seen, time.GetTimestamp());

    public bool AreSeen(ReconcileRequest request)
    {
        if (!_expected.TryGetValue(request, out var expected))
        {
            return true;
        }

        if (!expected.Seen() && time.GetElapsedTime(expected.Since) < Patience)
        {
            return false;
        }

        _expected.TryRemove(request, out _);
        return true;
    }

    public void Forget(ReconcileRequest request) => _expected.TryRemove(request, out _);
}
