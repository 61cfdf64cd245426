using Walle.Controller.Kubernetes;

namespace Walle.Controller.Informers;

/// <summary>
/// Read-only view of a Store, in memory and never blocking. It may be older than the API server: never act on absence from it alone.
/// </summary>
internal interface ILister<T>
    where T : class
{
    /// <summary>The whole list has been seen once, or the API server has said that it does not serve the kind.</summary>
    bool HasSynced { get; }

    /// <summary>The API server does not serve the kind (its CRD is not installed).</summary>
    bool IsAbsent { get; }

    int Count { get; }

    T? Get(NamespacedName name);

    IReadOnlyList<T> List();

    /// <summary>Objects whose value in the named index is <paramref name="key"/>; the index was given to the Informer when it was made.</summary>
    IReadOnlyList<T> ByIndex(string index, string key);
}
