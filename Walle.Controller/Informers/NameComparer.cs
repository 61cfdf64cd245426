using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;

namespace Walle.Controller.Informers;

/// <summary>
/// Objects are equal when their names are, and can be looked up by name: so a set of objects serves as a dictionary without a second copy of the key
/// (16 bytes less an entry).
/// </summary>
internal sealed class NameComparer<T> : IEqualityComparer<T>, IAlternateEqualityComparer<NamespacedName, T>
    where T : class, IProjection
{
    public static NameComparer<T> Instance { get; } = new();

    public bool Equals(T? x, T? y) => x is null ? y is null : y is not null && x.Name == y.Name;

    public int GetHashCode(T obj) => obj.Name.GetHashCode();

    public bool Equals(NamespacedName alternate, T other) => other.Name == alternate;

    public int GetHashCode(NamespacedName alternate) => alternate.GetHashCode();

    /// <summary>Never asked for: nothing is added by its name.</summary>
    public T Create(NamespacedName alternate) => throw new NotSupportedException();
}
