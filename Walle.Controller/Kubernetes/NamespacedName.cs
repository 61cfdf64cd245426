namespace Walle.Controller.Kubernetes;

/// <summary>Identifies an object of a known kind; the namespace is empty for cluster-scoped kinds.</summary>
internal readonly record struct NamespacedName(string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
