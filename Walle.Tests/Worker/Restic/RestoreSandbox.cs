namespace Walle.Tests.Worker.Restic;

/// <summary>Volumes of two namespaces, their backups and a target, for the worker's verbs plan and restore.</summary>
internal static class RestoreSandbox
{
    public static string VolumeRoot(this WorkerSandbox sandbox) => $"{sandbox.Root}/walle";

    public static string Target(this WorkerSandbox sandbox) => $"{sandbox.Root}/target";

    /// <summary>The folder of a claim, which is its path in the repository.</summary>
    public static string Claim(this WorkerSandbox sandbox, string path = "shop/data")
    {
        var folder = $"{sandbox.VolumeRoot()}/{path}";
        Shell.Run($"mkdir -p '{folder}' '{sandbox.Target()}'");
        return folder;
    }

    public static Task<WorkerRun> BackUpClaimAsync(this WorkerSandbox sandbox, string path = "shop/data", string time = "2026-11-20T03:00:07Z", params string[] more) =>
        sandbox.RunAsync(null, ["backup", "--host", "test-cluster", "--path", sandbox.Claim(path), "--time", time, .. more]);

    public static Task<WorkerRun> RestoreAsync(this WorkerSandbox sandbox, params string[] more) => sandbox.RunAsync(null, sandbox.Line(more));

    public static Task KillRestoreAsync(this WorkerSandbox sandbox, TimeSpan after) => sandbox.KillAsync(after, sandbox.Line([]));

    /// <summary>Of claim shop/data, unless told otherwise, by the RestoreJob "undo".</summary>
    private static string[] Line(this WorkerSandbox sandbox, string[] more)
    {
        List<string> line = ["restore", "--host", "test-cluster", "--namespace", "shop", "--volume-root", sandbox.VolumeRoot(), "--target", sandbox.Target()];
        if (!more.Contains("--owner"))
            line.AddRange(["--owner", "shop/undo/1"]);
        if (!more.Contains("--source-path") && !more.Contains("--snapshot"))
            line.AddRange(["--source-path", $"{sandbox.VolumeRoot()}/shop/data"]);
        return [.. line, .. more];
    }

    public static Task<WorkerRun> PlanAsync(this WorkerSandbox sandbox, string path, params string[] more) =>
        sandbox.RunAsync(null, ["plan", "--host", "test-cluster", "--namespace", "shop", "--volume-root", sandbox.VolumeRoot(), "--source-path", $"{sandbox.VolumeRoot()}/{path}", .. more]);

    /// <summary>As <see cref="WorkerSandbox.Manifest"/>, with the root itself and extended attributes.</summary>
    public static string WholeManifest(string folder) =>
        Shell.Run(
            """
            find . -path ./lost+found -prune -o -printf '%p|%y|%m|%U|%G|%T@|%l\n' | LC_ALL=C sort
            find . -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum
            find . -type f -links +1 -printf '%i %p\n' | sort | awk '{ if (!($1 in n)) n[$1] = ++c; $1 = n[$1]; print }'
            getfattr --version > /dev/null
            getfattr -R -h -d -m '^(user|security.capability|system.posix_acl_.*)' -e hex . 2>/dev/null || true
            """, folder);
}
