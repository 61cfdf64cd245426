using Walle.Controller.Informers;
using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;

namespace Walle.Tests.Reconcilers;

/// <summary>A store that shows what the test puts into it.</summary>
internal sealed class FakeLister<T>(Func<string, T, string?> indexKey) : ILister<T>
    where T : class, IProjection
{
    public Dictionary<NamespacedName, T> Items { get; } = [];
    public bool HasSynced => true;
    public bool IsAbsent => false;
    public int Count => Items.Count;

    public T? Get(NamespacedName name) => Items.GetValueOrDefault(name);

    public IReadOnlyList<T> List() => [.. Items.Values];

    public IReadOnlyList<T> ByIndex(string index, string key) => [.. Items.Values.Where(item => indexKey(index, item) == key)];
}
