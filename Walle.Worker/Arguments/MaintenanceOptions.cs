using System.Globalization;
using Walle.Crds.Contracts;
using Walle.Worker.Retention;

namespace Walle.Worker.Arguments;

/// <summary>The options of the verbs prune, check and unlock. A keep rule that is dropped deletes backups: read as strictly as all others.</summary>
internal static class MaintenanceOptions
{
    private const int MostKept = 10_000;

    public static bool Switch(WorkerArguments parsed, string option) =>
        option == WorkerOption.Released && parsed.Verb == WorkerVerb.Prune && (parsed.Maintenance.Released = true);

    public static bool TakesValue(string verb, string option) => option switch
    {
        WorkerOption.Host or WorkerOption.Namespace or WorkerOption.VolumeRoot or WorkerOption.Schedule or WorkerOption.KeepLast or WorkerOption.KeepHourly or WorkerOption.KeepDaily
            or WorkerOption.KeepWeekly or WorkerOption.KeepMonthly or WorkerOption.KeepYearly or WorkerOption.KeepWithin or WorkerOption.KeepTag or WorkerOption.MinKeep
            or WorkerOption.Expect or WorkerOption.MaxUnused or WorkerOption.MaxRepackSize => verb == WorkerVerb.Prune,
        WorkerOption.RetryLock => verb is WorkerVerb.Prune or WorkerVerb.Check,
        WorkerOption.ReadDataSubset => verb == WorkerVerb.Check,
        _ => false,
    };

    /// <returns>False when it is an option of other verbs.</returns>
    public static bool Assign(WorkerArguments parsed, string option, string value)
    {
        var maintenance = parsed.Maintenance;
        var policy = maintenance.Policy;
        switch (option)
        {
            case WorkerOption.Schedule: maintenance.Schedule = ArgumentParser.Check(option, value, ArgumentRules.IsTag(value), "the name of a BackupSchedule"); break;
            case WorkerOption.KeepLast: policy.Last = Count(option, value); break;
            case WorkerOption.KeepHourly: policy.Hourly = Count(option, value); break;
            case WorkerOption.KeepDaily: policy.Daily = Count(option, value); break;
            case WorkerOption.KeepWeekly: policy.Weekly = Count(option, value); break;
            case WorkerOption.KeepMonthly: policy.Monthly = Count(option, value); break;
            case WorkerOption.KeepYearly: policy.Yearly = Count(option, value); break;
            case WorkerOption.KeepWithin: policy.Within = KeepDuration.Parse(value) ?? throw ArgumentParser.Malformed(option, value, "a duration such as 1y2m14d6h"); break;
            case WorkerOption.KeepTag: policy.Tags.Add(ArgumentParser.Check(option, value, ArgumentRules.IsTag(value), "a tag of letters, digits and ._=:/- without comma")); break;
            case WorkerOption.MinKeep: maintenance.MinKeep = ArgumentParser.Number(option, value, 1, MostKept); break;
            case WorkerOption.Expect: maintenance.Expected.Add(ArgumentParser.Check(option, value, ArgumentRules.IsId(value), "a full snapshot id, 64 characters of 0-9a-f")); break;
            case WorkerOption.MaxUnused: maintenance.MaxUnused = ArgumentParser.Check(option, value, IsUnused(value), "a share (10%), a size (50G) or unlimited"); break;
            case WorkerOption.MaxRepackSize: maintenance.MaxRepackSize = ArgumentParser.Check(option, value, IsSize(value), "a size such as 50G"); break;
            case WorkerOption.ReadDataSubset: maintenance.ReadDataSubset = ArgumentParser.Check(option, value, IsPart(value), "a part and how many there are, such as 3/30"); break;
            default: return false;
        }
        return true;
    }

    public static void Require(WorkerArguments parsed)
    {
        if (parsed.Verb != WorkerVerb.Prune)
            return;
        if (parsed.Host is null)
            throw ArgumentParser.Invalid($"{WorkerOption.Host} is missing");
        if (parsed.Restore.Namespace is null)
            throw ArgumentParser.Invalid($"{WorkerOption.Namespace} is missing");
        if (parsed.Maintenance.Schedule is null)
            throw ArgumentParser.Invalid($"{WorkerOption.Schedule} is missing");
    }

    private static int Count(string option, string value) => ArgumentParser.Number(option, value, 0, MostKept);

    private static bool IsSize(string value)
    {
        var digits = value.Length > 0 && value[^1] is 'K' or 'M' or 'G' or 'T' ? value[..^1] : value;
        return digits.Length is > 0 and <= 15 && digits.All(char.IsAsciiDigit);
    }

    private static bool IsUnused(string value) =>
        value == "unlimited" || IsSize(value)
        || (value.Length is > 1 and <= 8 && value[^1] == '%' && decimal.TryParse(value[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share is >= 0 and < 100);

    private static bool IsPart(string value) =>
        value.Split('/') is [var part, var parts] && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var k)
        && int.TryParse(parts, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && k >= 1 && k <= n && n <= 256;
}
