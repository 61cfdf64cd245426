using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using k8s;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Tests.Chaos;

/// <summary>How a namespace and its repository are left, without times, UIDs and whatever else differs from run to run: equal texts, equal ends.</summary>
internal static partial class EndState
{
    public static async Task<string> ReadAsync(IKubernetes kubernetes, string ns, IReadOnlyList<JsonElement> snapshots)
    {
        var text = new StringBuilder();
        foreach (var schedule in await ListAsync(kubernetes, ns, ApiGroup.BackupSchedulePlural))
            Tell(text, schedule.Deserialize(CrdJsonContext.Default.BackupSchedule)!);
        foreach (var job in (await ListAsync(kubernetes, ns, ApiGroup.BackupJobPlural)).Select(item => item.Deserialize(CrdJsonContext.Default.BackupJob)!).OrderBy(job => job.Metadata.Name, StringComparer.Ordinal))
            Tell(text, job);
        foreach (var job in await ListAsync(kubernetes, ns, ApiGroup.RestoreJobPlural))
            Tell(text, job.Deserialize(CrdJsonContext.Default.RestoreJob)!);
        foreach (var claim in (await kubernetes.CoreV1.ListNamespacedPersistentVolumeClaimAsync(ns)).Items.Select(claim => claim.Metadata.Name).Order(StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"claim {claim}\n");
        foreach (var path in snapshots.Select(snapshot => string.Join(',', snapshot.GetProperty("paths").EnumerateArray())).Order(StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"snapshot {path.Replace(ns, "NS", StringComparison.Ordinal)}\n");
        foreach (var happened in (await kubernetes.CoreV1.ListNamespacedEventAsync(ns)).Items.Where(happened => happened.Source?.Component == WellKnown.FieldManager && happened.Type == "Warning")
                     .Select(happened => $"{happened.InvolvedObject.Kind} {Masked(happened.InvolvedObject.Name)} {happened.Reason}").Distinct().Order(StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"event {happened}\n");
        return text.ToString();
    }

    private static void Tell(StringBuilder text, BackupJob job)
    {
        text.Append(CultureInfo.InvariantCulture, $"BackupJob {Masked(job.Metadata.Name)}: {job.Status?.Phase} {job.Status?.Reason} {Conditions(job.Status?.Conditions)}\n");
        foreach (var volume in job.Status?.Volumes ?? [])
            text.Append(CultureInfo.InvariantCulture, $"  volume {volume.ClaimName}: {volume.Phase} {volume.Reason} {(volume.ResticSnapshotId is null ? "" : "saved")}\n");
        foreach (var dump in job.Status?.Dumps ?? [])
            text.Append(CultureInfo.InvariantCulture, $"  dump {dump.Name}: {dump.Phase} {dump.Reason} {(dump.ResticSnapshotId is null ? "" : "saved")} {dump.Sha256}\n");
        foreach (var hook in job.Status?.Hooks ?? [])
            text.Append(CultureInfo.InvariantCulture, $"  hook {hook.Stage} {hook.Pod}/{hook.Container}: {hook.Phase} {hook.ExitCode}\n");
    }

    private static void Tell(StringBuilder text, BackupSchedule schedule)
    {
        var status = schedule.Status;
        text.Append(CultureInfo.InvariantCulture, $"BackupSchedule {schedule.Metadata.Name}: {Conditions(status?.Conditions)} protected {status?.Protected} missed {status?.MissedRuns} active {status?.Active?.Count ?? 0}\n");
        if (status?.LastRun is { } run)
            text.Append(CultureInfo.InvariantCulture, $"  run {run.Total} {run.Succeeded} {run.Failed} {run.Running} finished {run.FinishedAt is not null}\n");
        if (status?.LastPrune is { } prune)
            text.Append(CultureInfo.InvariantCulture, $"  prune {prune.Result} forgotten {prune.Forgotten} kept {prune.Kept}\n");
        if (status?.LastCheck is { } check)
            text.Append(CultureInfo.InvariantCulture, $"  check {check.Result} {check.Part}/{check.Of}\n");
    }

    private static void Tell(StringBuilder text, RestoreJob job) =>
        text.Append(CultureInfo.InvariantCulture, $"RestoreJob {job.Metadata.Name}: {job.Status?.Phase} {job.Status?.Reason} verified {job.Status?.Verified} {Conditions(job.Status?.Conditions)}\n");

    private static string Conditions(List<Condition>? conditions) =>
        string.Join(' ', (conditions ?? []).OrderBy(condition => condition.Type, StringComparer.Ordinal).Select(condition => $"{condition.Type}={condition.Status}/{condition.Reason}"));

    /// <summary>A run of a schedule has its minute in its name, and a hash.</summary>
    private static string Masked(string? name) => RunName().Replace(name ?? "", "-RUN");

    private static async Task<IReadOnlyList<JsonElement>> ListAsync(IKubernetes kubernetes, string ns, string plural) =>
        [.. ((JsonElement)await kubernetes.CustomObjects.ListNamespacedCustomObjectAsync(ApiGroup.Name, ApiGroup.Version, ns, plural)).GetProperty("items").EnumerateArray()];

    [GeneratedRegex("-[0-9]{6,}(-.*)?$")]
    private static partial Regex RunName();
}
