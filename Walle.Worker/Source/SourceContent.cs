namespace Walle.Worker.Source;

/// <summary>What a volume holds, as far as it must be known before restic starts.</summary>
internal enum SourceContent
{
    /// <summary>No entry but the file system's own lost+found.</summary>
    Empty,

    /// <summary>Folders only.</summary>
    OnlyFolders,

    /// <summary>At least one file can be read.</summary>
    Files,

    /// <summary>There is something, but nothing of it can be read.</summary>
    Unreadable,
}
