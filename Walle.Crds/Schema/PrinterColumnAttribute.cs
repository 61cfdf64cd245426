namespace Walle.Crds.Schema;

/// <summary>A column of <c>kubectl get</c>, in the order of the attributes; priority 1 shows with <c>-o wide</c> only.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class PrinterColumnAttribute(string name, string jsonPath) : Attribute
{
    public string Name { get; } = name;

    public string JsonPath { get; } = jsonPath;

    /// <summary>string, integer, boolean or date.</summary>
    public string Type { get; init; } = "string";

    public int Priority { get; init; }
}
