namespace Walle.Crds.Schema;

/// <summary>Regular expressions of the schema, in the common part of RE2 and .NET.</summary>
public static class Patterns
{
    /// <summary>A DNS-1123 subdomain: what most Kubernetes names are.</summary>
    public const string DnsSubdomain = @"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    /// <summary>A resource.Quantity that is not negative.</summary>
    public const string Quantity = @"^[0-9]+(\.[0-9]+)?([KMGTPE]i?|[mk]|[eE][0-9]+)?$";

    /// <summary>A restic tag. Commas separate tags in restic, and a leading dash would be read as an option.</summary>
    public const string ResticTag = @"^[A-Za-z0-9._=][A-Za-z0-9._=:/-]*$";

    /// <summary>A size as restic writes it: 500M, 50G.</summary>
    public const string ResticSize = "^[0-9]+[KMGT]?$";

    /// <summary>A duration as restic writes it: 1y2m3d4h.</summary>
    public const string ResticDuration = "^([0-9]+y)?([0-9]+m)?([0-9]+d)?([0-9]+h)?$";

    /// <summary>A duration as Go writes it, in hours, minutes and seconds.</summary>
    public const string Duration = "^([0-9]+h)?([0-9]+m)?([0-9]+s)?$";

    /// <summary>A full restic snapshot id.</summary>
    public const string SnapshotId = "^[0-9a-f]{64}$";

    /// <summary>No control characters: what is safe on a command line, in a log and in a terminal.</summary>
    public const string Printable = @"^[^\x00-\x1f\x7f]+$";
}
