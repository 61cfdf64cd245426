namespace Walle.Crds.Schema;

/// <summary>The value is a Kubernetes type of its own that the API server checks when it is used; its fields are kept as they are.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PreserveUnknownFieldsAttribute : Attribute;
