using System.Runtime.InteropServices;

namespace Walle.Worker.Restore;

/// <summary>What the runtime offers no method for: owners, times to the nanosecond, and what is free on a file system.</summary>
internal static unsafe partial class NativeFile
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStatus = 0x7ff;
    private const long OmitTime = 0x3ffffffe;

    public static bool IsRoot => UserId() == 0;

    public static FileStatus? Status(string path)
    {
        // struct statx is the same on every machine; struct stat is not.
        var buffer = stackalloc byte[256];
        if (StatusCall(CurrentFolder, path, NoFollow, BasicStatus, buffer) != 0)
            return null;
        return new FileStatus(*(ushort*)(buffer + 28), *(uint*)(buffer + 20), *(uint*)(buffer + 24), *(long*)(buffer + 112), *(uint*)(buffer + 120));
    }

    public static bool ChangeOwner(string path, uint user, uint group) => OwnerCall(path, user, group) == 0;

    public static bool ChangeMode(string path, int mode) => ModeCall(path, (uint)mode) == 0;

    /// <summary>The time of the last change of content; that of the last access stays.</summary>
    public static bool ChangeTime(string path, long seconds, uint nanoseconds)
    {
        var times = stackalloc long[4] { 0, OmitTime, seconds, nanoseconds };
        return TimeCall(CurrentFolder, path, times, NoFollow) == 0;
    }

    /// <summary>All that was written to the file system of this folder is on its disk.</summary>
    public static bool Sync(string folder)
    {
        const int Directory = 0x10000;
        const int CloseOnExec = 0x80000;
        var handle = OpenCall(folder, Directory | CloseOnExec);
        if (handle < 0)
            return false;
        var synced = SyncCall(handle) == 0;
        _ = CloseCall(handle);
        return synced;
    }

    /// <returns>Null when the system does not tell.</returns>
    public static SpaceOnVolume? Space(string path)
    {
        // Of a 64-bit system: eleven longs, of which the first eight are the same everywhere.
        var buffer = stackalloc ulong[32];
        if (SpaceCall(path, buffer) != 0)
            return null;
        var unit = (long)(buffer[1] == 0 ? buffer[0] : buffer[1]);
        return new SpaceOnVolume((long)buffer[2] * unit, (long)buffer[3] * unit, (long)buffer[4] * unit, (long)buffer[5], (long)buffer[7]);
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatusCall(int folder, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OwnerCall(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ModeCall(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int TimeCall(int folder, string path, long* times, int flags);

    [LibraryImport("libc", EntryPoint = "statvfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SpaceCall(string path, ulong* buffer);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenCall(string path, int flags);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncCall(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CloseCall(int handle);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint UserId();
}
