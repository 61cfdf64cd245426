using System.Collections.Concurrent;
using Walle.Controller.Pipeline.Hooks;

namespace Walle.Controller.Reconcilers.Hooks;

/// <summary>What this run of the controller knows of one BackupJob's hooks.</summary>
internal sealed class BackupJobHooks
{
    /// <summary>By key; null while it runs.</summary>
    public ConcurrentDictionary<string, HookResult?> Results { get; } = new(StringComparer.Ordinal);

    public HookPlan? Plan { get; set; }
}
