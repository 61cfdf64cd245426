namespace Walle.Crds.V1;

/// <summary>Values of <see cref="LabelSelectorRequirement.Operator"/>.</summary>
public static class LabelOperator
{
    public const string In = "In";
    public const string NotIn = "NotIn";
    public const string Exists = "Exists";
    public const string DoesNotExist = "DoesNotExist";
}
