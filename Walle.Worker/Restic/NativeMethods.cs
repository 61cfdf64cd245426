using System.Runtime.InteropServices;

namespace Walle.Worker.Restic;

/// <summary>What the runtime offers no method for.</summary>
internal static partial class NativeMethods
{
    public const int Terminate = 15;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Kill(int process, int signal);
}
