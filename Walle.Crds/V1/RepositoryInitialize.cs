namespace Walle.Crds.V1;

/// <summary>Values of <see cref="RepositorySpec.Initialize"/>.</summary>
public static class RepositoryInitialize
{
    public const string IfMissing = "IfMissing";
    public const string Never = "Never";
}
