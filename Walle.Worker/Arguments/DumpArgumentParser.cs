using System.Globalization;
using System.Text.Json;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;

namespace Walle.Worker.Arguments;

/// <summary>Reads the command lines of dump, exec-stream and feed: the options of a backup or a restore and those of <see cref="DumpOption"/>, as strictly as theirs.</summary>
internal static class DumpArgumentParser
{
    private static readonly string[] Own =
        [DumpOption.Namespace, DumpOption.Pod, DumpOption.PodUid, DumpOption.Container, DumpOption.Command, DumpOption.CommandTimeout, DumpOption.Report, DumpOption.AccountDirectory, DumpOption.Server];

    public static WorkerArguments Parse(IReadOnlyList<string> line)
    {
        var (own, rest) = Split(line);
        if (line[0] == WorkerVerb.Dump)
            return ArgumentParser.Parse([WorkerVerb.Backup, .. rest]) with { Verb = WorkerVerb.Dump, Dump = Read(own) };
        var dump = Read(own);
        var parsed = ArgumentParser.Parse([WorkerVerb.Restore, .. rest, $"{WorkerOption.Namespace}={dump.Namespace}"]) with { Verb = WorkerVerb.Feed, Dump = dump };
        // A command takes all of it, or nothing.
        return parsed.Restore is { Includes: [], Overwrite: RestoreOptions.Never, DeleteExtra: false } && parsed.Excludes.Count == 0
            ? parsed
            : throw Invalid($"{WorkerOption.Include}, {WorkerOption.Exclude}, {WorkerOption.Overwrite} and {WorkerOption.DeleteExtra} have no meaning for verb {WorkerVerb.Feed}");
    }

    public static DumpArguments ParseStream(IReadOnlyList<string> line)
    {
        var (own, rest) = Split(line);
        return rest.Count == 0 ? Read(own) : throw Invalid($"unknown argument of verb {WorkerVerb.ExecStream}");
    }

    /// <summary>The line for exec-stream: each value joined to its option, so that none can become an option.</summary>
    public static IReadOnlyList<string> StreamLine(DumpArguments arguments, Uri server, string report) =>
        [
            WorkerVerb.ExecStream,
            $"{DumpOption.Server}={server.AbsoluteUri}",
            $"{DumpOption.AccountDirectory}={arguments.AccountDirectory}",
            $"{DumpOption.Namespace}={arguments.Namespace}",
            $"{DumpOption.Pod}={arguments.Pod}",
            $"{DumpOption.PodUid}={arguments.PodUid}",
            $"{DumpOption.Container}={arguments.Container}",
            $"{DumpOption.Command}={arguments.CommandText}",
            string.Create(CultureInfo.InvariantCulture, $"{DumpOption.CommandTimeout}={(long)arguments.Timeout.TotalSeconds}"),
            $"{DumpOption.Report}={report}",
        ];

    private static (Dictionary<string, string> Own, List<string> Others) Split(IReadOnlyList<string> line)
    {
        Dictionary<string, string> own = new(StringComparer.Ordinal);
        List<string> rest = [];
        for (var i = 1; i < line.Count; i++)
        {
            var equals = line[i].IndexOf('=', StringComparison.Ordinal);
            var option = equals > 0 ? line[i][..equals] : line[i];
            if (!Own.Contains(option))
            {
                rest.Add(line[i]);
                // The value of an option may look like one of ours.
                if (equals < 0 && option is not (WorkerOption.SkipIfUnchanged or WorkerOption.Verify) && i + 1 < line.Count)
                    rest.Add(line[++i]);
                continue;
            }

            var value = equals > 0 ? line[i][(equals + 1)..] : ++i < line.Count ? line[i] : throw Invalid($"{option} needs a value");
            if (!own.TryAdd(option, value))
                throw Invalid($"{option} is given twice");
        }

        return (own, rest);
    }

    private static DumpArguments Read(Dictionary<string, string> own)
    {
        string Needed(string option) => own.TryGetValue(option, out var value) && value.Length is > 0 and <= 65536 ? value : throw Invalid($"{option} is missing");
        return new DumpArguments(
            Needed(DumpOption.Namespace), Needed(DumpOption.Pod), Needed(DumpOption.PodUid), Needed(DumpOption.Container), Words(Needed(DumpOption.Command)), Timeout(Needed(DumpOption.CommandTimeout)))
        {
            CommandText = own[DumpOption.Command],
            AccountDirectory = own.GetValueOrDefault(DumpOption.AccountDirectory) ?? new DumpArguments("", "", "", "", [], default).AccountDirectory,
            Server = own.GetValueOrDefault(DumpOption.Server) is { } server ? new Uri(server) : null,
            Report = own.GetValueOrDefault(DumpOption.Report),
        };
    }

    private static List<string> Words(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            List<string> words = [.. document.RootElement.EnumerateArray().Select(word => word.GetString()!)];
            if (words is [{ Length: > 0 }, ..] && !words.Contains(null!))
                return words;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Invalid($"{DumpOption.Command} is no JSON array of strings");
        }

        throw Invalid($"{DumpOption.Command} is no JSON array of strings");
    }

    private static TimeSpan Timeout(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
        ? TimeSpan.FromSeconds(seconds)
        : throw Invalid($"{DumpOption.CommandTimeout} is no number of seconds");

    private static WorkerException Invalid(string message) => new(Reason.InvalidSpec, WorkerExitCode.InvalidInput, message);
}
