using System.Globalization;
using System.Text.Json;
using Walle.Crds;

namespace Walle.Controller.Pipeline.Hooks;

/// <summary>
/// Reads the annotations strictly: what is misspelt would be a hook that silently never runs. An empty value counts as none, so that a Pod can switch
/// off what its template says.
/// </summary>
internal static class HookAnnotationParser
{
    /// <summary>Of a command; it has to fit into an URL.</summary>
    public const int LongestCommand = 8192;
    private const int LongestFileName = 100;
    private const int LongestContainerName = 63;
    private const int MostContainers = 16;
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LongestDumpTimeout = TimeSpan.FromHours(24);

    /// <returns>The settings, or a problem that names the annotation and the fix.</returns>
    public static (HookSettings? Settings, string? Problem) Parse(IReadOnlyDictionary<string, string> annotations)
    {
        try
        {
            return (Read(annotations), null);
        }
        catch (FormatException wrong)
        {
            return (null, wrong.Message);
        }
    }

    private static HookSettings Read(IReadOnlyDictionary<string, string> annotations)
    {
        const string Ours = ApiGroup.Name + "/";
        if (annotations.Keys.Where(key => key.StartsWith(Ours, StringComparison.Ordinal)).Order(StringComparer.Ordinal).FirstOrDefault(key => !HookAnnotation.All.Contains(key)) is { } unknown)
            throw new FormatException($"annotation {unknown} is not known; known are: {string.Join(", ", HookAnnotation.All)}");

        string? Value(string key) => annotations.GetValueOrDefault(key)?.Trim() is { Length: > 0 } value ? value : null;
        var containers = Containers(HookAnnotation.Container, Value(HookAnnotation.Container));
        var settings = new HookSettings
        {
            Before = Command(HookAnnotation.Before, Value(HookAnnotation.Before)),
            After = Command(HookAnnotation.After, Value(HookAnnotation.After)),
            Dump = Command(HookAnnotation.Dump, Value(HookAnnotation.Dump)),
            Restore = Command(HookAnnotation.Restore, Value(HookAnnotation.Restore)),
            BeforeContainers = Containers(HookAnnotation.BeforeContainer, Value(HookAnnotation.BeforeContainer)) ?? containers,
            AfterContainers = Containers(HookAnnotation.AfterContainer, Value(HookAnnotation.AfterContainer)) ?? containers,
            Timeout = Duration(HookAnnotation.Timeout, Value(HookAnnotation.Timeout), HookSettings.DefaultTimeout, LongestTimeout),
            DumpTimeout = Duration(HookAnnotation.DumpTimeout, Value(HookAnnotation.DumpTimeout), HookSettings.DefaultDumpTimeout, LongestDumpTimeout),
            RestoreTimeout = Duration(HookAnnotation.RestoreTimeout, Value(HookAnnotation.RestoreTimeout), HookSettings.DefaultDumpTimeout, LongestDumpTimeout),
            ContinueOnError = Choice(HookAnnotation.OnError, Value(HookAnnotation.OnError), "Fail", "Continue"),
            WithVolumes = Choice(HookAnnotation.DumpMode, Value(HookAnnotation.DumpMode), "InsteadOfVolumes", "WithVolumes"),
            FileName = FileName(Value(HookAnnotation.FileName)),
        };
        _ = Choice(HookAnnotation.Backup, Value(HookAnnotation.Backup), "true", "false");
        return settings with
        {
            DumpContainer = settings.Dump is null ? null : Single(HookAnnotation.DumpContainer, Value(HookAnnotation.DumpContainer), containers, "a dump is taken from one"),
            RestoreContainer = settings.Restore is null ? null : Single(HookAnnotation.RestoreContainer, Value(HookAnnotation.RestoreContainer), containers, "a dump is restored into one"),
        };
    }

    private static string? Single(string key, string? value, IReadOnlyList<string>? general, string why) => (Containers(key, value) ?? general) switch
    {
        { Count: > 1 } several => throw new FormatException($"annotation {key} (or {HookAnnotation.Container}) names {several.Count} containers; {why}: name it in {key}"),
        var one => one?[0],
    };

    private static IReadOnlyList<string>? Command(string key, string? value)
    {
        if (value is null)
            return null;
        if (value.Length > LongestCommand)
            throw new FormatException($"annotation {key} is longer than {LongestCommand} characters; put the command into a script in the image or a ConfigMap");
        IReadOnlyList<string> command = value[0] == '[' ? Words(key, value) : ["/bin/sh", "-c", value];
        if (command.Any(word => word.Contains('\0', StringComparison.Ordinal)))
            throw new FormatException($"annotation {key} holds a NUL character, which no argument may");
        return command;
    }

    private static List<string> Words(string key, string value)
    {
        try
        {
            using var document = JsonDocument.Parse(value);
            if (document.RootElement.EnumerateArray().All(word => word.ValueKind == JsonValueKind.String) && document.RootElement.GetArrayLength() > 0)
            {
                List<string> words = [.. document.RootElement.EnumerateArray().Select(word => word.GetString()!)];
                if (words[0].Length > 0)
                    return words;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            // Not JSON, or half of a character in it: told below.
        }

        // A shell may mean its test command. To guess would be to run something else than was written.
        throw new FormatException($"annotation {key} begins with [ and is no JSON array of strings; write [\"program\", \"argument\"], or a shell command that begins otherwise (test … instead of [ … ])");
    }

    private static List<string>? Containers(string key, string? value)
    {
        if (value is null)
            return null;
        List<string> names = [.. value.Split(',', StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];
        if (names.Count > MostContainers)
            throw new FormatException($"annotation {key} names more than {MostContainers} containers");
        return names.Find(name => !IsContainerName(name)) is { } wrong
            ? throw new FormatException($"annotation {key}: '{Shown(wrong)}' is no name of a container; write names separated by commas, such as db,cache")
            : names;
    }

    private static TimeSpan Duration(string key, string? value, TimeSpan otherwise, TimeSpan most)
    {
        if (value is null)
            return otherwise;
        var total = TimeSpan.Zero;
        var rest = value.AsSpan();
        foreach (var (unit, length) in new[] { ('h', TimeSpan.FromHours(1)), ('m', TimeSpan.FromMinutes(1)), ('s', TimeSpan.FromSeconds(1)) })
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is > 0 and <= 6 && rest[digits] == unit)
            {
                total += length * int.Parse(rest[..digits], CultureInfo.InvariantCulture);
                rest = rest[(digits + 1)..];
            }
        }

        return rest.IsEmpty && total >= TimeSpan.FromSeconds(1) && total <= most
            ? total
            : throw new FormatException($"annotation {key}: '{Shown(value)}' is no duration from 1s to {Display.Duration(most)}; write it as 90s, 5m or 1h30m");
    }

    private static bool Choice(string key, string? value, string no, string yes) => value is not null && value != no
        && (value == yes ? true : throw new FormatException($"annotation {key}: '{Shown(value)}' is neither {no} nor {yes}"));

    private static string? FileName(string? value) => value is null || IsFileName(value)
        ? value
        : throw new FormatException($"annotation {HookAnnotation.FileName}: '{Shown(value)}' is no file name of at most {LongestFileName} letters, digits, dots, dashes and underscores that begins with a letter or digit");

    public static bool IsFileName(string value) =>
        value.Length is > 0 and <= LongestFileName && char.IsAsciiLetterOrDigit(value[0]) && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    public static bool IsContainerName(string value) =>
        value.Length is > 0 and <= LongestContainerName && value[0] != '-' && value[^1] != '-' && value.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>Of what somebody wrote, as much as fits into a message and cannot garble it.</summary>
    private static string Shown(string value) => new([.. value.Take(40).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '·' : c)]);
}
