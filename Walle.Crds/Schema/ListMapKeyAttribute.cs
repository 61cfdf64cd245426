namespace Walle.Crds.Schema;

/// <summary>The list is a map keyed by this property of its items (x-kubernetes-list-type: map): server-side apply merges it item by item.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListMapKeyAttribute(string key) : Attribute
{
    public string Key { get; } = key;
}
