using System.Globalization;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;

namespace Walle.Worker.Arguments;

/// <summary>
/// Reads the command line strictly: an unknown option or a malformed value ends the run before anything is touched, since a backup with an option
/// silently dropped (--exclude, --host) is worse than none.
/// </summary>
internal static class ArgumentParser
{
    private static readonly string[] Verbs = [WorkerVerb.Backup, WorkerVerb.Init, WorkerVerb.Plan, WorkerVerb.Restore, WorkerVerb.Claims, WorkerVerb.Prune, WorkerVerb.Check, WorkerVerb.Unlock];

    public static WorkerArguments Parse(IReadOnlyList<string> arguments)
    {
        var verb = arguments.Count > 0 ? arguments[0] : throw Invalid($"a verb is missing: {string.Join(", ", Verbs)}");
        if (!Verbs.Contains(verb))
            throw Invalid($"unknown verb {Shown(verb)}: known are {string.Join(", ", Verbs)}");

        var parsed = new WorkerArguments { Verb = verb };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 1; i < arguments.Count; i++)
        {
            var (option, attached) = Split(arguments[i]);
            if (!seen.Add(option) && option is not (WorkerOption.Tag or WorkerOption.Exclude or WorkerOption.Include or WorkerOption.KeepTag or WorkerOption.Expect))
                throw Invalid($"{Shown(option)} is given twice");
            if (Switch(parsed, option) || RestoreOptions.Switch(parsed, option) || MaintenanceOptions.Switch(parsed, option))
            {
                if (attached is not null)
                    throw Invalid($"{option} takes no value");
                continue;
            }
            if (!TakesValue(verb, option) && !RestoreOptions.TakesValue(verb, option) && !MaintenanceOptions.TakesValue(verb, option))
                throw Invalid($"unknown option {Shown(option)} of verb {verb}");
            var value = attached ?? (++i < arguments.Count ? arguments[i] : throw Invalid($"{option} needs a value"));
            if (!RestoreOptions.Assign(parsed, option, value) && !MaintenanceOptions.Assign(parsed, option, value))
                Assign(parsed, option, value);
        }
        if (verb == WorkerVerb.Backup)
            Require(parsed);
        RestoreOptions.Require(parsed);
        MaintenanceOptions.Require(parsed);
        return parsed;
    }

    /// <summary>Where to leave the result although the command line may be malformed.</summary>
    public static string TerminationLogOf(IReadOnlyList<string> arguments)
    {
        for (var i = 1; i < arguments.Count; i++)
        {
            var (option, attached) = Split(arguments[i]);
            if (option == WorkerOption.TerminationLog && (attached ?? (i + 1 < arguments.Count ? arguments[i + 1] : null)) is { Length: > 0 } path)
                return path;
        }
        return WorkerPaths.TerminationLog;
    }

    private static (string Option, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? (argument[..equals], argument[(equals + 1)..]) : (argument, null);
    }

    private static bool Switch(WorkerArguments parsed, string option)
    {
        var backup = parsed.Verb == WorkerVerb.Backup;
        switch (option)
        {
            case WorkerOption.FullRead when backup: return parsed.FullRead = true;
            case WorkerOption.IgnoreInode when backup: return parsed.IgnoreInode = true;
            case WorkerOption.ExpectFiles when backup: return parsed.ExpectFiles = true;
            case WorkerOption.ExcludeCaches when backup: return parsed.ExcludeCaches = true;
            case WorkerOption.SkipIfUnchanged when backup: return parsed.SkipIfUnchanged = true;
            default: return false;
        }
    }

    private static bool TakesValue(string verb, string option) => option switch
    {
        WorkerOption.ConnectTimeout or WorkerOption.TerminationLog or WorkerOption.CacheDirectory or WorkerOption.TemporaryDirectory
            or WorkerOption.CredentialsDirectory or WorkerOption.RepositoryRoot => true,
        WorkerOption.Host or WorkerOption.Path or WorkerOption.Time or WorkerOption.Parent or WorkerOption.Tag or WorkerOption.Exclude
            or WorkerOption.Compression or WorkerOption.LimitUpload or WorkerOption.RetryLock => verb == WorkerVerb.Backup,
        _ => false,
    };

    private static void Assign(WorkerArguments parsed, string option, string value)
    {
        switch (option)
        {
            case WorkerOption.Host: parsed.Host = Check(option, value, ArgumentRules.IsHost(value), "a name of at most 253 printable characters without spaces"); break;
            case WorkerOption.Path: parsed.Path = AbsolutePath(option, value); break;
            case WorkerOption.Time: parsed.Time = ArgumentRules.Time(value) ?? throw Malformed(option, value, "a time in UTC such as 2026-11-20T03:00:00Z"); break;
            case WorkerOption.Parent: parsed.Parent = Check(option, value, ArgumentRules.IsId(value), "a full snapshot id, 64 characters of 0-9a-f"); break;
            case WorkerOption.Tag: parsed.Tags.Add(Check(option, value, ArgumentRules.IsTag(value), "a tag of letters, digits and ._=:/- without comma")); break;
            case WorkerOption.Exclude: parsed.Excludes.Add(Check(option, value, ArgumentRules.IsPrintable(value, 1024), "a pattern of 1 to 1024 printable characters")); break;
            case WorkerOption.Compression: parsed.Compression = Check(option, value, value is "auto" or "off" or "max", "auto, off or max"); break;
            case WorkerOption.LimitUpload: parsed.LimitUpload = Number(option, value, 0, 1_000_000_000); break;
            case WorkerOption.RetryLock: parsed.RetryLock = Check(option, value, ArgumentRules.IsDuration(value), "a duration such as 90s or 5m"); break;
            case WorkerOption.ConnectTimeout: parsed.ConnectTimeout = TimeSpan.FromSeconds(Number(option, value, 1, 3600)); break;
            case WorkerOption.TerminationLog: parsed.TerminationLog = AbsolutePath(option, value); break;
            case WorkerOption.CacheDirectory: parsed.CacheDirectory = AbsolutePath(option, value); break;
            case WorkerOption.TemporaryDirectory: parsed.TemporaryDirectory = AbsolutePath(option, value); break;
            case WorkerOption.RepositoryRoot: parsed.RepositoryRoot = AbsolutePath(option, value); break;
            case WorkerOption.CredentialsDirectory: parsed.CredentialsDirectory = AbsolutePath(option, value); break;
        }
    }

    private static void Require(WorkerArguments parsed)
    {
        if (parsed.Host is null)
            throw Invalid($"{WorkerOption.Host} is missing");
        if (parsed.Path is null)
            throw Invalid($"{WorkerOption.Path} is missing");
        if (parsed.Time is null)
            throw Invalid($"{WorkerOption.Time} is missing");
    }

    internal static string AbsolutePath(string option, string value) =>
        Check(option, value, ArgumentRules.IsAbsolutePath(value), "an absolute path without . or .. or a slash at its end");

    internal static int Number(string option, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Malformed(option, value, $"a whole number from {least} to {most}");

    internal static string Check(string option, string value, bool valid, string expected) => valid ? value : throw Malformed(option, value, expected);

    internal static WorkerException Malformed(string option, string value, string expected) => Invalid($"{option}: {Shown(value)} is not {expected}");

    internal static WorkerException Invalid(string message) => new(Reason.InvalidSpec, WorkerExitCode.InvalidInput, message);

    private static string Shown(string value) => '"' + (value.Length > 100 ? value[..100] + "…" : value) + '"';
}
