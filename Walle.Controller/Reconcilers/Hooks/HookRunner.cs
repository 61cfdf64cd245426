using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline.Hooks;
using Walle.Crds.V1;

namespace Walle.Controller.Reconcilers.Hooks;

/// <summary>
/// Runs hooks outside of the reconciles, which only start them and later find their results here. What it knows is lost with the process: the status
/// tells what may have run. Before- and after-hooks have slots of their own, so that hooks that hang keep nobody from being let go.
/// </summary>
internal sealed partial class HookRunner : IDisposable
{
    /// <summary>In each of the two stages at a time: a slot is a socket and a few KiB.</summary>
    private const int Slots = 64;

    private readonly ConcurrentDictionary<string, BackupJobHooks> _hooks = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _before = new(Slots);
    private readonly SemaphoreSlim _after = new(Slots);
    private readonly HookCommand _command;
    private readonly Action<NamespacedName> _wake;
    private readonly ILogger<HookRunner> _logger;
    private readonly Histogram<double> _frozen;

    /// <param name="wake">Has the BackupJob reconciled: a hook of it has ended.</param>
    public HookRunner(HookCommand command, Action<NamespacedName> wake, Meter meter, ILogger<HookRunner> logger)
    {
        (_command, _wake, _logger) = (command, wake, logger);
        _frozen = meter.CreateHistogram(
            "walle_hook_freeze",
            "s",
            "From the start of a backup's first before-hook to the end of its last after-hook.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600] });
    }

    /// <summary>Tells this run of the controller from an earlier one, which may have left hooks behind.</summary>
    public string Instance { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>Returns at once. What has been started already, by its key, is not started again.</summary>
    public void Start(NamespacedName job, string uid, IReadOnlyList<HookRun> runs)
    {
        var hooks = _hooks.GetOrAdd(uid, _ => new BackupJobHooks());
        foreach (var run in runs)
        {
            if (hooks.Results.TryAdd(run.Key, null))
                _ = Task.Run(() => RunAsync(job, hooks, run));
        }
    }

    /// <summary>By key; null while it runs.</summary>
    public IReadOnlyDictionary<string, HookResult?> ResultsOf(string uid) =>
        _hooks.TryGetValue(uid, out var hooks) ? hooks.Results : new Dictionary<string, HookResult?>();

    /// <summary>Hooks are resolved once for a window: what was frozen by one command is not thawed by another that was written meanwhile.</summary>
    public HookPlan? PlanOf(string uid) => _hooks.TryGetValue(uid, out var hooks) ? hooks.Plan : null;

    public void Remember(string uid, HookPlan plan) => _hooks.GetOrAdd(uid, _ => new BackupJobHooks()).Plan = plan;

    public void Forget(string uid) => _hooks.TryRemove(uid, out _);

    /// <summary>Counts a window that a status write has just closed.</summary>
    public void Observe(BackupJobStatus? before, BackupJobStatus after)
    {
        if (after.FrozenSeconds is { } seconds && before?.FrozenSeconds is null)
            _frozen.Record(seconds);
    }

    /// <summary>Hooks that run go on by themselves until the process ends.</summary>
    public void Dispose()
    {
        _before.Dispose();
        _after.Dispose();
    }

    private async Task RunAsync(NamespacedName job, BackupJobHooks hooks, HookRun run)
    {
        var slots = run.IsThaw ? _after : _before;
        await slots.WaitAsync();
        try
        {
            var result = await _command.RunAsync(job.Namespace, run.Target);
            hooks.Results[run.Key] = result;
            LogEnded(_logger, job, run.Key, result.Reason, result.ExitCode);
        }
        finally
        {
            _ = slots.Release();
            _wake(job);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "BackupJob {Name}: hook {Key} ended: problem {Reason}, exit code {ExitCode}")]
    private static partial void LogEnded(ILogger logger, NamespacedName name, string key, Crds.Conditions.Reason? reason, int? exitCode);
}
