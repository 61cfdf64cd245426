namespace Walle.Tests.Storage;

/// <summary>One object to look at.</summary>
internal readonly record struct ObjectKey(string Kind, string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? $"{Kind} {Name}" : $"{Kind} {Namespace}/{Name}";
}
