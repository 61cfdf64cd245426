using System.Diagnostics;
using System.Globalization;
using Walle.Tests.Worker.Restic;

namespace Walle.Tests.Bench;

/// <summary>
/// What the worker costs beside restic itself: size of the published program, its memory, and the extra time over the same <c>restic backup</c> run
/// bare, in turns so that the machine's moods hit both alike.
/// </summary>
internal static class WorkerBenchmark
{
    private const int Turns = 7;

    /// <param name="args">MiB of the volume (default 4), and the published program.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var size = 4;
        if (args.Length > 0 && (!int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out size) || size is < 1 or > 100_000))
        {
            await Console.Error.WriteLineAsync($"bench worker: \"{args[0]}\" is no number of MiB from 1 to 100000");
            return 2;
        }
        var program = args.Length > 1 ? args[1] : "Walle.Worker/bin/Release/net10.0/linux-x64/publish/Walle.Worker";
        if (!File.Exists(program))
        {
            await Console.Error.WriteLineAsync($"bench worker: {program} is missing; make it with: dotnet publish Walle.Worker -c Release -r linux-x64");
            return 2;
        }
        using var sandbox = new WorkerSandbox();
        sandbox.WithRepository();
        Shell.Run($"for i in $(seq 100); do head -c $(({size} * 10486)) /dev/urandom > file-$i; done", sandbox.Volume);
        var line = $"{Path.GetFullPath(program)} backup --host bench --path {sandbox.Volume} --time 2026-11-20T03:00:00Z --repository-root {sandbox.Root} --termination-log {sandbox.Root}/log --cache-dir {sandbox.Root}/cache --temporary-dir {sandbox.Root}/tmp";
        const string Bare = "restic backup --json --host=bench '--time=2026-11-20 03:00:00' -- .";

        // Once for the caches, and for the memory.
        await RunAsync(sandbox, Bare);
        var memory = await RunAsync(sandbox, line);
        var (bare, worker) = (new List<double>(), new List<double>());
        for (var turn = 0; turn < Turns; turn++)
        {
            bare.Add((await RunAsync(sandbox, Bare)).Milliseconds);
            worker.Add((await RunAsync(sandbox, line)).Milliseconds);
        }
        WorkerSandbox.RemoveInitialisedRepository();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"worker program   {new FileInfo(program).Length / 1e6:0.0} MB, peak memory {memory.PeakKiB / 1024.0:0.0} MiB"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bare restic      median {Median(bare):0} ms, least {bare.Min():0} ms ({size} MiB, 100 files, unchanged, {Turns} turns)"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"worker           median {Median(worker):0} ms, least {worker.Min():0} ms"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"extra            median {Median(worker) - Median(bare):0} ms, least {worker.Min() - bare.Min():0} ms"));
        return 0;
    }

    private static async Task<(double Milliseconds, long PeakKiB)> RunAsync(WorkerSandbox sandbox, string line)
    {
        var start = new ProcessStartInfo("/bin/bash") { ArgumentList = { "-c", "exec " + line }, WorkingDirectory = sandbox.Volume, RedirectStandardOutput = true };
        foreach (var (name, value) in sandbox.Variables)
            start.Environment[name] = value;
        start.Environment["RESTIC_CACHE_DIR"] = $"{sandbox.Root}/cache";
        start.Environment["RESTIC_FEATURES"] = "device-id-for-hardlinks";
        start.Environment["RESTIC_PROGRESS_FPS"] = "0.2";
        start.Environment["TZ"] = "UTC";
        var started = TimeProvider.System.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        long peak = 0;
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        var ended = process.WaitForExitAsync();
        while (await Task.WhenAny(ended, tick.WaitForNextTickAsync().AsTask()) != ended)
            peak = Math.Max(peak, PeakKiB(process.Id));
        await ended;
        var elapsed = TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
        return process.ExitCode == 0 ? (elapsed, peak) : throw new InvalidOperationException($"exit {process.ExitCode} of {line}: {await output}");
    }

    private static long PeakKiB(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.AsSpan(6).Trim(" \tkB"), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
