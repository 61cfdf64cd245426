namespace Walle.Crds.V1;

/// <summary>Values of <see cref="WorkerOptions.SecurityProfile"/>.</summary>
public static class SecurityProfile
{
    public const string Auto = "Auto";
    public const string Baseline = "Baseline";
    public const string Restricted = "Restricted";
}
