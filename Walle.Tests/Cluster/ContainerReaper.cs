using System.Diagnostics;
using System.Globalization;

namespace Walle.Tests.Cluster;

/// <summary>
/// Removes the node's container, and the folder that belongs to it, once this process is gone, however it went (Ctrl-C, a crash, SIGKILL): a shell that outlives it and waits.
/// What Testcontainers' own reaper does, without an image.
/// </summary>
internal static class ContainerReaper
{
    private const string Script =
        "trap '' INT HUP TERM; exec </dev/null >/dev/null 2>&1; while kill -0 \"$1\"; do sleep 1; done; docker rm --force --volumes \"$2\"; rm -rf \"$3\"";

    public static void Watch(string containerId, string folder)
    {
        var own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        using var _ = Process.Start(new ProcessStartInfo("sh", ["-c", Script, "walle-container-reaper", own, containerId, folder]));
    }
}
