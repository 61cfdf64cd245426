namespace Walle.Crds.Schema;

/// <summary>What a pattern means to a person: the words of "is not {Noun}; write for example {Example}".</summary>
public sealed record PatternMeaning(string Noun, string Example)
{
    private static readonly Dictionary<string, PatternMeaning> Meanings = new()
    {
        [Patterns.DnsSubdomain] = new("a Kubernetes name", "my-name (lower case letters, digits, - and .)"),
        [Patterns.DnsLabel] = new("the name of a namespace", "my-namespace (lower case letters, digits and -)"),
        [Patterns.Quantity] = new("a quantity", "500m or 2Gi"),
        [Patterns.PositiveQuantity] = new("a quantity above zero", "10Gi"),
        [Patterns.ResticTag] = new("a tag", "before-upgrade (letters, digits and . _ = : / -, no - in front)"),
        [Patterns.ResticSize] = new("a size as restic writes it", "50G"),
        [Patterns.MaxUnused] = new("a share below 100%, a size or unlimited", "10% or 50G"),
        [Patterns.ResticDuration] = new("a duration as restic writes it", "1y2m14d6h"),
        [Patterns.Duration] = new("a duration", "26h or 1h30m"),
        [Patterns.SnapshotId] = new("a restic snapshot id", "9b1c4f02 (8 to 64 characters of 0-9 and a-f, as restic snapshots shows them)"),
        [Patterns.ClusterName] = new("the name of a cluster", "prod-1 (as in the host of restic snapshots)"),
        [Patterns.Printable] = new("printable text", "*.tmp (no control characters)"),
        [Patterns.TimeZone] = new("an IANA time zone", "Europe/Berlin"),
        [Patterns.DumpName] = new("the name of a dump", "db-postgres.dump"),
        [Patterns.AccessMode] = new("an access mode", "ReadWriteOnce"),
        [Patterns.LabelKey] = new("the key of a label", "app.kubernetes.io/name"),
        [Patterns.LabelValue] = new("the value of a label", "my-app (at most 63 letters, digits and - _ .)"),
        [Patterns.Schedule] = new("a schedule", "H 2 * * * or @daily"),
    };

    /// <summary>Every pattern of the schema has a meaning; a test proves it.</summary>
    public static PatternMeaning Of(string pattern) => Meanings.GetValueOrDefault(pattern) ?? new("of the right form", pattern);

    /// <summary>The patterns that have one.</summary>
    public static IReadOnlyCollection<string> Known => Meanings.Keys;
}
