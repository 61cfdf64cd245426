namespace Walle.Crds.V1;

/// <summary>Values of <see cref="BackupOptions.Compression"/>: restic's own.</summary>
public static class Compression
{
    public const string Auto = "auto";
    public const string Off = "off";
    public const string Max = "max";
}
