using System.Diagnostics;
using System.Text.Json;
using NUnit.Framework;
using Walle.Crds.Json;

namespace Walle.Tests.Worker.Restic;

/// <summary>A volume, a repository and the folders of a worker's container; runs the real program as a process of its own.</summary>
internal sealed class WorkerSandbox : IDisposable
{
    public const string Password = "canary-password-5f2e";
    private const string Time = "2026-11-20T03:00:07Z";
    private static readonly Lazy<string> InitialisedRepository = new(MakeRepository);

    public WorkerSandbox()
    {
        Root = Directory.CreateTempSubdirectory("walle-worker-").FullName;
        // Readable for the other users that some tests run the worker as.
        Shell.Run($"chmod 0755 '{Root}'");
        foreach (var folder in (string[])["volume", "cache", "tmp", "credentials"])
            Directory.CreateDirectory($"{Root}/{folder}");
        Variables = new Dictionary<string, string> { ["RESTIC_REPOSITORY"] = Repository, ["RESTIC_PASSWORD"] = Password, ["PATH"] = "/usr/local/bin:/usr/bin:/bin" };
    }

    public string Root { get; }

    public string Volume => $"{Root}/volume";

    public string Repository => $"{Root}/repository";

    /// <summary>The worker's whole environment.</summary>
    public Dictionary<string, string> Variables { get; }

    /// <summary>Put before the program, such as setpriv and its arguments.</summary>
    public List<string> Prefix { get; } = [];

    /// <summary>Empty: <see cref="Prefix"/> is the program, too.</summary>
    public IReadOnlyList<string> Program { get; set; } = WorkerBinary.Command;

    /// <summary>A repository without snapshots: copied, since making one takes seconds.</summary>
    public WorkerSandbox WithRepository()
    {
        Shell.Run($"mkdir -p '{Repository}'; cp -a '{InitialisedRepository.Value}/.' '{Repository}'");
        return this;
    }

    public Task<WorkerRun> BackUpAsync(params string[] more) => BackUpAsync(null, more);

    public Task<WorkerRun> BackUpAsync(Action<Process>? started, params string[] more)
    {
        List<string> line = ["backup", "--host", "test-cluster", "--path", Volume];
        if (!more.Contains("--time"))
            line.AddRange(["--time", Time]);
        return RunAsync(started, [.. line, .. more]);
    }

    public Task<WorkerRun> InitAsync(params string[] more) => RunAsync(null, ["init", .. more]);

    /// <summary>Kills the worker and restic with it, as kubelet does at the end of the grace period. It leaves no result.</summary>
    /// <returns>Whether it had ended before that.</returns>
    public Task<bool> KillAsync(TimeSpan after, params string[] line) => KillAsync(Task.Delay(after, TimeProvider.System), line);

    public async Task<bool> KillAsync(Task when, params string[] line)
    {
        using var process = Process.Start(Start(line))!;
        var reading = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var ended = process.WaitForExitAsync();
        var first = await Task.WhenAny(ended, when);
        process.Kill(entireProcessTree: true);
        await ended;
        await reading;
        return first == ended;
    }

    public async Task<WorkerRun> RunAsync(Action<Process>? started, params string[] line)
    {
        using var process = Process.Start(Start(line))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        started?.Invoke(process);
        await process.WaitForExitAsync();
        var message = await File.ReadAllBytesAsync(TerminationLog);
        Assert.That(message, Has.Length.InRange(2, 4096));
        var run = new WorkerRun(process.ExitCode, JsonSerializer.Deserialize(message, CrdJsonContext.Default.WorkerResult)!, await output, await errors);
        Assert.That(run.Result.ExitCode, Is.EqualTo(run.ExitCode), run.ToString());
        Assert.That(run.ToString(), Does.Not.Contain(Password).And.Not.Contain("\u001b"), "a secret or a control character got out");
        return run;
    }

    private string TerminationLog => $"{Root}/termination-log";

    private ProcessStartInfo Start(string[] line)
    {
        var log = TerminationLog;
        Shell.Run($": > '{log}'; chmod 0666 '{log}'");
        List<string> command = [.. Prefix, .. Program, .. line, "--repository-root", Root, "--termination-log", log, "--cache-dir", $"{Root}/cache", "--temporary-dir", $"{Root}/tmp", "--credentials-dir", $"{Root}/credentials"];
        if (!line.Contains("--connect-timeout"))
            command.AddRange(["--connect-timeout", "2"]);
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in command[1..])
            start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        return start;
    }

    /// <summary>Stock restic, as a person would use it.</summary>
    public string Restic(string arguments) =>
        Shell.Run($"restic {arguments}", Root, new Dictionary<string, string>
        {
            ["RESTIC_REPOSITORY"] = Repository, ["RESTIC_PASSWORD"] = Password, ["RESTIC_CACHE_DIR"] = $"{Root}/cache-of-stock", ["TZ"] = "UTC", ["RESTIC_PROGRESS_FPS"] = "0.01",
        });

    public int Snapshots() => JsonDocument.Parse(Restic("snapshots --json")).RootElement.GetArrayLength();

    /// <summary>Path, type, mode, owner, modification time, link target, and the content of files.</summary>
    public static string Manifest(string folder) =>
        Shell.Run("find . -mindepth 1 -printf '%P|%y|%m|%U|%G|%T@|%l\\n' | LC_ALL=C sort; find . -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum", folder);

    public void Dispose() => Shell.Run($"rm -rf '{Root}'");

    /// <summary>After the last test.</summary>
    public static void RemoveInitialisedRepository()
    {
        if (InitialisedRepository.IsValueCreated)
            Directory.Delete(Path.GetDirectoryName(InitialisedRepository.Value)!, recursive: true);
    }

    private static string MakeRepository()
    {
        var folder = Directory.CreateTempSubdirectory("walle-repository-").FullName;
        var place = $"{folder}/repository";
        Shell.Run("restic init -q", "/", new Dictionary<string, string> { ["RESTIC_REPOSITORY"] = place, ["RESTIC_PASSWORD"] = Password });
        return place;
    }
}
