namespace Walle.Crds.Contracts;

/// <summary>
/// The tags of a snapshot that Walle reads again. Each is <c>name=value</c> in the characters of <see cref="Schema.Patterns.ResticTag"/>; what does not fit
/// is left out, since a backup without a note is better than none.
/// </summary>
public static class SnapshotTags
{
    /// <summary>Of every snapshot that Walle makes.</summary>
    public const string Walle = "walle";

    /// <summary>UID of the BackupJob. Of several snapshots with the same one only the last counts: nobody saw the result of those before it.</summary>
    public const string JobUid = "uid";

    /// <summary>Name of the BackupSchedule that made it: whose retention it is under. Of a backup by hand there is none.</summary>
    public const string Schedule = "schedule";

    /// <summary>StorageClass of the claim.</summary>
    public const string StorageClass = "class";

    /// <summary>Size that the claim asked for.</summary>
    public const string Size = "size";

    /// <summary>Access modes of the claim, joined by colons: a comma would split the tag.</summary>
    public const string AccessModes = "modes";

    /// <summary>A label of the claim: <c>label=key=value</c>.</summary>
    public const string Label = "label";

    /// <summary>The workload that was backed up: <c>source=StatefulSet/db</c>.</summary>
    public const string Source = "source";

    /// <summary>Mode, owner and time of the volume's root, which `restic backup .` saves nowhere: <c>root=2775:999:999:1763871234.123456789</c>.</summary>
    public const string Root = "root";

    /// <summary>Bytes in use on the volume: less than the files' sizes where there are holes.</summary>
    public const string Used = "used";

    /// <summary>Version of Walle.</summary>
    public const string Version = "walle-version";

    /// <summary>The volume was empty. restic saves an empty folder by its whole path only, so that the snapshot holds the path's folders.</summary>
    public const string Empty = "walle-empty";

    /// <summary>A tiny snapshot that only says that another one is partial (<see cref="PartialOf"/>).</summary>
    public const string PartialMark = "walle-partial";

    /// <summary>Full id of the partial snapshot that a <see cref="PartialMark"/> tells of.</summary>
    public const string PartialOf = "partial-of";

    /// <summary>The value of the first tag <c>name=value</c>, or null.</summary>
    public static string? ValueOf(IReadOnlyList<string> tags, string name)
    {
        foreach (var tag in tags)
        {
            if (tag.Length > name.Length && tag[name.Length] == '=' && tag.StartsWith(name, StringComparison.Ordinal))
                return tag[(name.Length + 1)..];
        }
        return null;
    }
}
