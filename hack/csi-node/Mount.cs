using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Walle.CsiNode;

/// <summary>mount(2), straight from the C library that is linked in: the node may have no mount program.</summary>
internal static partial class Mount
{
    private const ulong ReadOnly = 1;
    private const ulong Remount = 32;
    private const ulong BindFlag = 4096;
    private const ulong Recursive = 16384;
    private const int NotMounted = 22;
    private const int NoSuchFile = 2;

    public static void Bind(string source, string target, bool readOnly)
    {
        Check(MountCall(source, target, "", BindFlag | Recursive, 0), $"bind {source} to {target}");
        if (readOnly)
            Check(MountCall(source, target, "", BindFlag | Remount | ReadOnly, 0), $"remount {target} read-only");
    }

    /// <summary>Unmounts every layer; nothing mounted there is fine too.</summary>
    public static void Unmount(string target)
    {
        while (UnmountCall(target, 0) == 0)
        {
        }

        var error = Marshal.GetLastPInvokeError();
        if (error is not (NotMounted or NoSuchFile))
            throw new Win32Exception(error, $"unmount {target}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    private static void Check(int result, string what)
    {
        if (result == 0)
            return;
        var error = Marshal.GetLastPInvokeError();
        throw new Win32Exception(error, $"{what}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MountCall(string source, string target, string type, ulong flags, nint data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnmountCall(string target, int flags);
}
