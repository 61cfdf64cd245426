using System.Diagnostics.CodeAnalysis;

namespace Walle.Controller.Queue;

/// <summary>
/// First come, first served within a group; the groups take turns. So whoever adds thousands of items to one group makes the others wait for one
/// of them each, not for all. Both operations take the same time however long the queue is. Not for several threads.
/// </summary>
internal sealed class RoundRobinQueue<T>(Func<T, string> groupOf)
{
    /// <summary>Only groups that have items: one that runs empty is forgotten.</summary>
    private readonly Dictionary<string, Queue<T>> _groups = new(StringComparer.Ordinal);

    /// <summary>Each group that has items, once, the one whose turn is next first.</summary>
    private readonly Queue<string> _turns = new();

    public int Count { get; private set; }

    public void Enqueue(T item)
    {
        var group = groupOf(item);
        if (!_groups.TryGetValue(group, out var items))
        {
            _groups.Add(group, items = new Queue<T>());
            _turns.Enqueue(group);
        }

        items.Enqueue(item);
        Count++;
    }

    public bool TryDequeue([MaybeNullWhen(false)] out T item)
    {
        if (!_turns.TryDequeue(out var group))
        {
            item = default;
            return false;
        }

        var items = _groups[group];
        item = items.Dequeue();
        Count--;
        if (items.Count > 0)
            _turns.Enqueue(group);
        else
            _groups.Remove(group);
        return true;
    }
}
