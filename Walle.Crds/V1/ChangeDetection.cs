namespace Walle.Crds.V1;

/// <summary>Values of <see cref="BackupOptions.ChangeDetection"/>.</summary>
public static class ChangeDetection
{
    public const string Auto = "Auto";
    public const string Strict = "Strict";
    public const string ModificationTime = "ModificationTime";
}
