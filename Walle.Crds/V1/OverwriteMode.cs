namespace Walle.Crds.V1;

/// <summary>Values of <see cref="RestoreJobSpec.Overwrite"/>.</summary>
public static class OverwriteMode
{
    public const string Never = "Never";
    public const string IfChanged = "IfChanged";
    public const string Always = "Always";
}
