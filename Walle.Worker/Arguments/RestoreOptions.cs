using Walle.Crds.Contracts;

namespace Walle.Worker.Arguments;

/// <summary>The options of the verbs plan, restore and claims: read as strictly as those of a backup.</summary>
internal static class RestoreOptions
{
    public const string Never = "never";
    public const string IfChanged = "if-changed";
    public const string Always = "always";

    private static bool Chooses(string verb) => verb is WorkerVerb.Plan or WorkerVerb.Restore;

    public static bool Switch(WorkerArguments parsed, string option)
    {
        var restore = parsed.Verb == WorkerVerb.Restore;
        switch (option)
        {
            case WorkerOption.DeleteExtra when restore: return parsed.Restore.DeleteExtra = true;
            case WorkerOption.Verify when restore: return parsed.Restore.Verify = true;
            default: return false;
        }
    }

    public static bool TakesValue(string verb, string option) => option switch
    {
        WorkerOption.Host or WorkerOption.Namespace or WorkerOption.VolumeRoot or WorkerOption.RetryLock => Chooses(verb) || verb == WorkerVerb.Claims,
        WorkerOption.SourceHost or WorkerOption.SourcePath or WorkerOption.Snapshot or WorkerOption.AsOf or WorkerOption.Previous => Chooses(verb),
        WorkerOption.Target or WorkerOption.Owner or WorkerOption.Include or WorkerOption.Exclude or WorkerOption.Overwrite or WorkerOption.LimitDownload => verb == WorkerVerb.Restore,
        _ => false,
    };

    /// <returns>False when it is an option of other verbs, too.</returns>
    public static bool Assign(WorkerArguments parsed, string option, string value)
    {
        var restore = parsed.Restore;
        switch (option)
        {
            case WorkerOption.Namespace: restore.Namespace = ArgumentParser.Check(option, value, ArgumentRules.IsHost(value) && !value.Contains('/', StringComparison.Ordinal), "the name of a namespace"); break;
            case WorkerOption.SourceHost: restore.SourceHost = ArgumentParser.Check(option, value, ArgumentRules.IsHost(value), "a name of at most 253 printable characters without spaces"); break;
            case WorkerOption.SourcePath: restore.SourcePath = ArgumentParser.AbsolutePath(option, value); break;
            case WorkerOption.Snapshot: restore.Snapshot = ArgumentParser.Check(option, value, ArgumentRules.IsShortId(value), "a snapshot id, 8 to 64 characters of 0-9a-f"); break;
            case WorkerOption.AsOf: restore.AsOf = ArgumentRules.Time(value) ?? throw ArgumentParser.Malformed(option, value, "a time in UTC such as 2026-11-20T03:00:00Z"); break;
            case WorkerOption.Previous: restore.Previous = ArgumentParser.Number(option, value, 0, 1_000_000); break;
            case WorkerOption.Target: restore.Target = ArgumentParser.AbsolutePath(option, value); break;
            case WorkerOption.Owner: restore.Owner = ArgumentParser.Check(option, value, ArgumentRules.IsPrintable(value, 512) && value.Split('/').Length == 3, "namespace/name/uid"); break;
            case WorkerOption.Include: restore.Includes.Add(ArgumentParser.Check(option, value, ArgumentRules.IsPrintable(value, 1024), "a pattern of 1 to 1024 printable characters")); break;
            case WorkerOption.Overwrite: restore.Overwrite = ArgumentParser.Check(option, value, value is Never or IfChanged or Always, "never, if-changed or always"); break;
            case WorkerOption.LimitDownload: restore.LimitDownload = ArgumentParser.Number(option, value, 0, 1_000_000_000); break;
            case WorkerOption.VolumeRoot: restore.VolumeRoot = ArgumentParser.AbsolutePath(option, value); break;
            default: return false;
        }
        return true;
    }

    public static void Require(WorkerArguments parsed)
    {
        if (!Chooses(parsed.Verb) && parsed.Verb != WorkerVerb.Claims)
            return;
        var restore = parsed.Restore;
        if (parsed.Host is null)
            throw ArgumentParser.Invalid($"{WorkerOption.Host} is missing");
        if (restore.Namespace is null)
            throw ArgumentParser.Invalid($"{WorkerOption.Namespace} is missing");
        if (!Chooses(parsed.Verb))
            return;
        if (restore.SourcePath is null && restore.Snapshot is null)
            throw ArgumentParser.Invalid($"{WorkerOption.SourcePath} or {WorkerOption.Snapshot} is missing");
        if (restore is { AsOf: not null, Previous: not null })
            throw ArgumentParser.Invalid($"{WorkerOption.AsOf} and {WorkerOption.Previous} exclude each other");
        if (parsed.Verb == WorkerVerb.Restore && restore.Owner is null)
            throw ArgumentParser.Invalid($"{WorkerOption.Owner} is missing");
        if (restore.Includes.Count > 0 && parsed.Excludes.Count > 0)
            throw ArgumentParser.Invalid($"{WorkerOption.Include} and {WorkerOption.Exclude} exclude each other");
        // restic would delete what it was told to leave alone.
        if (restore is { DeleteExtra: true, Overwrite: Never })
            throw ArgumentParser.Invalid($"{WorkerOption.DeleteExtra} needs {WorkerOption.Overwrite} {IfChanged} or {Always}");
    }
}
