using System.IO.Enumeration;
using System.Runtime.InteropServices;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;

namespace Walle.Worker.Source;

/// <summary>
/// Looks at the volume before restic does, up to the first file that can be read: restic would save a snapshot without data for a volume of which it can
/// read nothing, and could not tell a blank clone from a volume that is meant to be empty. Opens no file and follows no link.
/// </summary>
internal static partial class SourceVolume
{
    private const string LostAndFound = "lost+found";
    private const int CurrentFolder = -100;
    private const int CanRead = 4;
    private const int EffectiveIds = 0x200;
    private const int NoSuchAccess = 13;

    public static SourceInspection Inspect(string root)
    {
        if (!Directory.Exists(root))
            throw Unreadable(root, "there is no folder at that path: the volume is not mounted");
        List<Entry> entries;
        try
        {
            entries = [.. Entries(root).Take(2)];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(root, "its root cannot be read");
        }
        var exclude = entries.Count > 0 && LostAndFoundIsIdle(root);
        if (entries.All(e => exclude && e.Path == $"{root}/{LostAndFound}"))
            return new SourceInspection(SourceContent.Empty, exclude, null);

        var search = new Search(exclude ? $"{root}/{LostAndFound}" : null);
        var found = search.Reaches(root);
        var content = found ? SourceContent.Files : search.FirstUnreadable is null ? SourceContent.OnlyFolders : SourceContent.Unreadable;
        return new SourceInspection(content, exclude, search.FirstUnreadable?[(root.Length + 1)..]);
    }

    private static bool LostAndFoundIsIdle(string root)
    {
        var folder = new DirectoryInfo($"{root}/{LostAndFound}");
        if (!folder.Exists || folder.LinkTarget is not null)
            return false;
        try
        {
            return !Entries(folder.FullName).Any();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static FileSystemEnumerable<Entry> Entries(string folder) =>
        new(folder, (ref FileSystemEntry e) => new Entry(e.ToFullPath(), e.IsDirectory && (e.Attributes & FileAttributes.ReparsePoint) == 0), new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false });

    private static WorkerException Unreadable(string root, string what) =>
        new(Reason.SourceUnreadable, WorkerExitCode.Failure, $"the volume at {root} cannot be backed up: {what}");

    [LibraryImport("libc", EntryPoint = "faccessat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Access(int folder, string path, int mode, int flags);

    /// <summary>Anything but a clear refusal counts as readable: restic is the one to say what it cannot read.</summary>
    private static bool IsRefused(string file) =>
        Access(CurrentFolder, file, CanRead, EffectiveIds) != 0 && Marshal.GetLastPInvokeError() == NoSuchAccess;

    private readonly record struct Entry(string Path, bool IsFolder);

    /// <summary>Depth first and one entry at a time, so that a folder of a million files costs no more than its first.</summary>
    private sealed class Search(string? skipped)
    {
        public string? FirstUnreadable { get; private set; }

        public bool Reaches(string root)
        {
            var open = new Stack<(string Path, IEnumerator<Entry> Entries)>();
            try
            {
                Enter(open, root);
                while (open.TryPeek(out var folder))
                {
                    if (!Advances(folder.Path, folder.Entries))
                    {
                        folder.Entries.Dispose();
                        open.Pop();
                        continue;
                    }
                    var entry = folder.Entries.Current;
                    if (entry.Path == skipped)
                        continue;
                    if (entry.IsFolder)
                    {
                        Enter(open, entry.Path);
                        continue;
                    }
                    if (!IsRefused(entry.Path))
                        return true;
                    FirstUnreadable ??= entry.Path;
                }
                return false;
            }
            finally
            {
                foreach (var (_, entries) in open)
                    entries.Dispose();
            }
        }

        private bool Advances(string folder, IEnumerator<Entry> entries)
        {
            try
            {
                return entries.MoveNext();
            }
            catch (IOException)
            {
                FirstUnreadable ??= folder;
                return false;
            }
        }

        private void Enter(Stack<(string Path, IEnumerator<Entry> Entries)> open, string folder)
        {
            try
            {
                open.Push((folder, Entries(folder).GetEnumerator()));
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                FirstUnreadable ??= folder;
            }
        }
    }
}
