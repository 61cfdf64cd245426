namespace Walle.Crds.Schema;

/// <summary>
/// The string (or each value of the map) is a resource.Quantity and may be written as a number too, as in every Kubernetes manifest
/// (<c>cpu: 2</c>): x-kubernetes-int-or-string. The property needs a converter that reads numbers.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class QuantityAttribute : Attribute;
