using Walle.Tests.Cluster;

namespace Walle.Tests.Storage;

/// <summary>
/// The ext4 programs that rancher/k3s has not (it has the rest: GNU coreutils, busybox' mount and fsfreeze). They are brought from this machine with
/// their libraries and its loader, so that the node's own libc does not matter.
/// </summary>
internal static class FileSystemTools
{
    private const string Folder = "/var/lib/walle-tools";
    private static readonly string[] Programs = ["mkfs.ext4", "resize2fs", "debugfs"];

    public static async Task EnsureAsync(INodeShell shell)
    {
        var missing = (await shell.RunAsync("sh", "-c", $"for p in {string.Join(' ', Programs)}; do command -v $p > /dev/null || echo $p; done"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (missing.Length == 0)
            return;
        await shell.RunAsync("mkdir", "-p", Folder, "/usr/local/bin");
        var brought = new HashSet<string>(StringComparer.Ordinal);
        foreach (var program in missing)
            await BringAsync(shell, program, brought);
    }

    private static async Task BringAsync(INodeShell shell, string program, HashSet<string> brought)
    {
        var path = await FindAsync(program)
            ?? throw new InvalidOperationException($"the node has no {program} and neither has this machine: install e2fsprogs here, the storage double brings it into the node");
        var libraries = (await HostCommand.RunAsync("ldd", [path])).Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.StartsWith('/')).Select(word => word.TrimEnd(':')).Distinct().ToArray();
        foreach (var file in libraries.Append(path).Where(brought.Add))
            await shell.CopyProgramAsync(file, $"{Folder}/{Path.GetFileName(file)}");
        var loader = libraries.Single(library => Path.GetFileName(library).StartsWith("ld-", StringComparison.Ordinal));
        var start = $"#!/bin/sh\\nexec {Folder}/{Path.GetFileName(loader)} --library-path {Folder} {Folder}/{program} \"$@\"\\n";
        await shell.RunAsync("sh", "-c", $"printf '{start}' > /usr/local/bin/{program} && chmod +x /usr/local/bin/{program}");
    }

    private static async Task<string?> FindAsync(string program)
    {
        var found = await HostCommand.RunAllowingFailureAsync("sh", ["-c", $"PATH=$PATH:/sbin:/usr/sbin command -v {program}"]);
        return found.ExitCode == 0 ? found.Output.Trim() : null;
    }
}
