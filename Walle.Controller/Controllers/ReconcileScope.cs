using System.Collections;
using Walle.Controller.Reconcilers;

namespace Walle.Controller.Controllers;

/// <summary>The fields that every log line of one reconcile carries; made of text only when a line is written.</summary>
internal sealed class ReconcileScope(ReconcileRequest request, long reconcileId) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 4;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("kind", request.Kind),
        1 => new("namespace", request.Name.Namespace),
        2 => new("name", request.Name.Name),
        3 => new("reconcileId", reconcileId),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"{request.Kind} {request.Name} reconcile {reconcileId}";
}
