using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Hooks;

/// <summary>What the hooks in a status say.</summary>
internal static class HookState
{
    private const int MostOutput = 64 * 1024;
    private const int LeastOutput = 512;
    private const int LongestOutput = 8000;
    private const int LongestMessage = 1024;

    public static IEnumerable<HookStatus> Before(BackupJobStatus status) => (status.Hooks ?? []).Where(hook => hook.Stage == HookStage.Before);

    public static IEnumerable<HookStatus> After(BackupJobStatus status) => (status.Hooks ?? []).Where(hook => hook.Stage == HookStage.After);

    public static bool IsFinal(HookStatus hook) => hook.Phase is HookPhase.Succeeded or HookPhase.Failed or HookPhase.Skipped or HookPhase.Unknown;

    /// <summary>A window was opened, and not all of its after-hooks have been run to their end.</summary>
    public static bool IsOpen(BackupJobStatus status) => After(status).Any(hook => !IsFinal(hook));

    /// <summary>A window was opened and is over: what is snapshotted from now on is not what the before-hooks made ready.</summary>
    public static bool IsOver(BackupJobStatus status) => After(status).Any() && !IsOpen(status);

    /// <summary>A before-hook whose controller is gone, or whose connection was cut: nobody knows how it ended.</summary>
    public static bool IsUnknown(BackupJobStatus status) => Before(status).Any(hook => hook.Phase == HookPhase.Unknown);

    /// <summary>The first hook of a stage whose failure fails the backup.</summary>
    public static HookStatus? Failed(IEnumerable<HookStatus> hooks) => hooks.FirstOrDefault(hook => hook.Phase == HookPhase.Failed && hook.ContinueOnError != true);

    public static string Key(BackupJobStatus status, HookStatus hook) => string.Create(CultureInfo.InvariantCulture, $"{status.HookRounds ?? 1}/{hook.Name}/{hook.Attempts ?? 0}");

    public static List<HookStatus> Open(HookPlan plan, string instance, DateTimeOffset now) =>
    [
        .. plan.Before.Select(target => Entry(HookStage.Before, target) with { Phase = HookPhase.Started, Attempts = 1, StartedBy = instance, StartTime = now }),
        .. plan.After.Select(target => Entry(HookStage.After, target)),
    ];

    /// <summary>The command of a hook: from the annotations as they are, never from the status.</summary>
    public static HookTarget? Target(HookPlan? plan, HookStatus hook) =>
        (hook.Stage == HookStage.Before ? plan?.Before : plan?.After)?.FirstOrDefault(target => target.Pod == hook.Pod && target.PodUid == hook.PodUid && target.Container == hook.Container);

    public static HookStatus Ended(HookStatus hook, HookResult result, int hooks) => hook with
    {
        Phase = result.Reason is null ? HookPhase.Succeeded : HookPhase.Failed,
        Reason = result.Reason?.ToString(),
        Message = result.Message is null ? null : ConditionSet.Cut(result.Message, LongestMessage),
        ExitCode = result.ExitCode,
        Output = result.Output.Length == 0 ? null : End(result.Output, Math.Clamp(MostOutput / Math.Max(1, hooks), LeastOutput, LongestOutput)),
        OutputBytes = result.OutputBytes,
        CompletionTime = ConditionSet.Seconds(result.FinishedAt),
    };

    public static HookStatus Ended(HookStatus hook, string phase, Reason reason, string message, DateTimeOffset now) =>
        hook with { Phase = phase, Reason = reason.ToString(), Message = ConditionSet.Cut(message, LongestMessage), CompletionTime = ConditionSet.Seconds(now) };

    public static BackupJobStatus With(BackupJobStatus status, IReadOnlyDictionary<string, HookStatus> changed) =>
        changed.Count == 0 ? status : status with { Hooks = status.Hooks!.ConvertAll(hook => changed.GetValueOrDefault(hook.Name, hook)) };

    /// <summary>One line for people.</summary>
    public static string Describe(HookStatus hook) => $"{(hook.Stage == HookStage.Before ? "before" : "after")}-hook in Pod {hook.Pod}, container {hook.Container}: {hook.Message}";

    /// <summary>How long the application was held, once all is over: nothing before the first before-hook.</summary>
    public static double? Frozen(BackupJobStatus status) =>
        Before(status).Min(hook => hook.StartTime) is { } from && After(status).Max(hook => hook.CompletionTime) is { } to ? Math.Max(0, (to - from).TotalSeconds) : null;

    private static HookStatus Entry(string stage, HookTarget target) => new()
    {
        Name = $"{stage}/{target.Pod}/{target.Container}",
        Stage = stage,
        Pod = target.Pod,
        PodUid = target.PodUid,
        Container = target.Container,
        CommandHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', target.Command)))),
        Phase = HookPhase.Pending,
        TimeoutSeconds = (int)target.Timeout.TotalSeconds,
        ContinueOnError = target.ContinueOnError ? true : null,
    };

    private static string End(string text, int most)
    {
        if (text.Length <= most)
            return text;
        var start = text.Length - most + 1;
        return string.Concat("…", text.AsSpan(char.IsLowSurrogate(text[start]) ? start + 1 : start));
    }
}
