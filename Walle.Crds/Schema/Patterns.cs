namespace Walle.Crds.Schema;

/// <summary>Regular expressions of the schema, in the common part of RE2 and .NET. What each means to a person: <see cref="PatternMeaning"/>.</summary>
public static class Patterns
{
    /// <summary>A DNS-1123 subdomain: what most Kubernetes names are.</summary>
    public const string DnsSubdomain = @"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    /// <summary>A DNS-1123 label: what a namespace is called.</summary>
    public const string DnsLabel = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

    private const string QuantitySuffix = "([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,3})?$";

    /// <summary>A resource.Quantity that is not negative.</summary>
    public const string Quantity = @"^([0-9]+(\.[0-9]*)?|\.[0-9]+)" + QuantitySuffix;

    /// <summary>A resource.Quantity above zero: the size of a volume.</summary>
    public const string PositiveQuantity = @"^([0-9]*[1-9][0-9]*(\.[0-9]*)?|[0-9]*\.[0-9]*[1-9][0-9]*)" + QuantitySuffix;

    /// <summary>A restic tag. Commas separate tags in restic, and a leading dash would be read as an option.</summary>
    public const string ResticTag = @"^[A-Za-z0-9._=][A-Za-z0-9._=:/-]*$";

    /// <summary>A size as restic writes it: 500M, 50G.</summary>
    public const string ResticSize = "^[0-9]+[KMGT]?$";

    /// <summary>restic's --max-unused: a share under 100 %, a size, or unlimited.</summary>
    public const string MaxUnused = @"^([0-9]{1,2}(\.[0-9]{1,4})?%|[0-9]+[KMGT]?|unlimited)$";

    /// <summary>A duration as restic writes it: 1y2m3d4h. Needs a minimum length too, since each part may be left out.</summary>
    public const string ResticDuration = "^([0-9]+y)?([0-9]+m)?([0-9]+d)?([0-9]+h)?$";

    /// <summary>A duration as Go writes it, in hours, minutes and seconds. Needs a minimum length too, since each part may be left out.</summary>
    public const string Duration = "^([0-9]+h)?([0-9]+m)?([0-9]+s)?$";

    /// <summary>A restic snapshot id, whole or its beginning.</summary>
    public const string SnapshotId = "^[0-9a-f]{8,64}$";

    /// <summary>Name of a cluster, as restic's host: printable and without spaces.</summary>
    public const string ClusterName = @"^[^\x00-\x20\x7f-][^\x00-\x20\x7f]*$";

    /// <summary>No control characters: what is safe on a command line, in a log and in a terminal.</summary>
    public const string Printable = @"^[^\x00-\x1f\x7f]+$";

    /// <summary>An IANA time zone. "Local" has no place here: it would depend on where the controller runs.</summary>
    public const string TimeZone = "^(UTC|GMT|[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*){1,2})$";

    /// <summary>File name of a dump, with the workload in front where two workloads use the same.</summary>
    public const string DumpName = "^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?$";

    /// <summary>Access modes of a PersistentVolumeClaim.</summary>
    public const string AccessMode = "^(ReadWriteOnce|ReadOnlyMany|ReadWriteMany|ReadWriteOncePod)$";

    /// <summary>The key of a label, with or without a prefix.</summary>
    public const string LabelKey = @"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$";

    /// <summary>The value of a label.</summary>
    public const string LabelValue = "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$";

    private const string CronNumbers = "[0-9H*,/()-]+ +";
    private const string CronNames = "[0-9A-Za-z*,/()-]+";

    /// <summary>
    /// The form of a schedule: a macro or five fields. The numbers in them are judged by the controller alone: a pattern that did would be
    /// kilobytes long, and the API server shows the whole of it to the user.
    /// </summary>
    public const string Schedule =
        "^(@(hourly|daily|midnight|weekly|monthly|yearly|annually)|" + CronNumbers + CronNumbers + CronNumbers + CronNames + " +" + CronNames + ")$";
}
