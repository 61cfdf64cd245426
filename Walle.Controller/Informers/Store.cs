using System.Diagnostics.CodeAnalysis;
using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;

namespace Walle.Controller.Informers;

/// <summary>
/// The objects of one kind as last seen, with indexes. One writer (the informer's pump), any number of readers. A change is visible to all readers
/// before the pump raises it to handlers, so a reconciler never reads older state than what woke it.
/// </summary>
internal sealed class Store<T>
    where T : class, IProjection
{
    private readonly Lock _lock = new();
    private readonly StoreIndex<T>[] _indexes;
    private HashSet<T> _objects = NewObjects(0);
    private Dictionary<string, HashSet<T>>[] _byIndex;

    public Store(IReadOnlyList<StoreIndex<T>> indexes)
    {
        _indexes = [.. indexes];
        _byIndex = NewIndexes();
    }

    public int Count
    {
        get
        {
            lock (_lock)
                return _objects.Count;
        }
    }

    public T? Get(NamespacedName name)
    {
        lock (_lock)
            return Find_NeedsLock(name);
    }

    public IReadOnlyList<T> List()
    {
        lock (_lock)
            return [.. _objects];
    }

    public IReadOnlyList<T> ByIndex(string index, string key)
    {
        var position = Array.FindIndex(_indexes, candidate => candidate.Name == index);
        if (position < 0)
            throw new ArgumentException($"No index '{index}' was given to the informer of {typeof(T).Name}.", nameof(index));
        lock (_lock)
            return _byIndex[position].TryGetValue(key, out var found) ? [.. found] : [];
    }

    /// <summary>False when the store already holds this object, or a newer version of it: the event is a repetition.</summary>
    public bool Apply(T @object, out T? old)
    {
        lock (_lock)
        {
            old = Find_NeedsLock(@object.Name);
            if (old is not null && !IsNews(old, @object))
                return false;
            if (old is not null)
                Remove_NeedsLock(old);
            Add_NeedsLock(@object);
            return true;
        }
    }

    /// <summary>False when there is no such object, or one of the same name that was made later.</summary>
    public bool Delete(T @object, [NotNullWhen(true)] out T? old)
    {
        lock (_lock)
        {
            old = Find_NeedsLock(@object.Name);
            if (old is null || (old.Uid != @object.Uid && old.ResourceVersion > @object.ResourceVersion))
                return false;
            Remove_NeedsLock(old);
            return true;
        }
    }

    /// <summary>
    /// Makes the store hold exactly these objects. Returns what changed by it, (null, new), (old, new) or (old, null), computed while it is enumerated:
    /// to be done before the next change.
    /// </summary>
    public IEnumerable<(T? Old, T? New)> Replace(IReadOnlyList<T> objects)
    {
        var before = _objects;
        var next = NewObjects(objects.Count);
        foreach (var @object in objects)
        {
            // A name listed twice (deleted and made again between two pages): the later page is newer.
            next.Remove(@object);
            next.Add(@object);
        }
        var byIndex = NewIndexes();
        foreach (var @object in next)
            Index(byIndex, @object);
        lock (_lock)
            (_objects, _byIndex) = (next, byIndex);
        return Differences(before, next);
    }

    private static IEnumerable<(T? Old, T? New)> Differences(HashSet<T> before, HashSet<T> next)
    {
        foreach (var @object in next)
        {
            if (!before.TryGetValue(@object, out var old))
                yield return (null, @object);
            else if (!IsSameVersion(old, @object))
                yield return (old, @object);
        }
        foreach (var old in before)
        {
            if (!next.Contains(old))
                yield return (old, null);
        }
    }

    private static HashSet<T> NewObjects(int capacity) => new(capacity, NameComparer<T>.Instance);

    private Dictionary<string, HashSet<T>>[] NewIndexes() => [.. _indexes.Select(_ => new Dictionary<string, HashSet<T>>(StringComparer.Ordinal))];

    private T? Find_NeedsLock(NamespacedName name) =>
        _objects.GetAlternateLookup<NamespacedName>().TryGetValue(name, out var found) ? found : null;

    private void Add_NeedsLock(T @object)
    {
        _objects.Add(@object);
        Index(_byIndex, @object);
    }

    private void Remove_NeedsLock(T @object)
    {
        _objects.Remove(@object);
        for (var i = 0; i < _indexes.Length; i++)
        {
            if (_indexes[i].Key(@object) is { } key && _byIndex[i].TryGetValue(key, out var set) && set.Remove(@object) && set.Count == 0)
                _byIndex[i].Remove(key);
        }
    }

    private void Index(Dictionary<string, HashSet<T>>[] byIndex, T @object)
    {
        for (var i = 0; i < _indexes.Length; i++)
        {
            if (_indexes[i].Key(@object) is not { } key)
                continue;
            if (!byIndex[i].TryGetValue(key, out var set))
                byIndex[i].Add(key, set = NewObjects(1));
            set.Add(@object);
        }
    }

    private static bool IsSameVersion(T old, T @object) =>
        old.ResourceVersion == @object.ResourceVersion && @object.ResourceVersion != 0 && old.Uid == @object.Uid;

    /// <summary>Versions that are no numbers (0) are not compared: every event is news then.</summary>
    private static bool IsNews(T old, T @object) => @object.ResourceVersion == 0 || @object.ResourceVersion > old.ResourceVersion;
}
