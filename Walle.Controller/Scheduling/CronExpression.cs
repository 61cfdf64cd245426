using System.Text.RegularExpressions;
using Walle.Crds.Schema;

namespace Walle.Controller.Scheduling;

/// <summary>The text of a schedule, read: the minutes of a calendar, and whether it goes by the hour.</summary>
/// <param name="Ticks">The minutes of a calendar that it names.</param>
/// <param name="IsInterval">
/// The hour begins with *, or is H/n: "every n hours" rather than "at this hour". Such a schedule goes on in an hour that exists twice.
/// </param>
internal sealed partial record CronExpression(LocalTicks Ticks, bool IsInterval)
{
    private static readonly CronField[] Fields = [CronField.Minute, CronField.Hour, CronField.DayOfMonth, CronField.Month, CronField.DayOfWeek];

    /// <summary>The expression, or what is wrong with it, beginning with the name of the field.</summary>
    public static (CronExpression? Expression, string? Problem) Parse(string text, HashSeed seed)
    {
        var words = (Macro(text) ?? text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (text.StartsWith('@') && words.Length == 1)
            return (null, $"'{text}' is not known; write @hourly, @daily, @midnight, @weekly, @monthly, @yearly or @annually");
        if (words.Length != Fields.Length)
            return (null, $"'{text}' has {words.Length} fields; write five: minute, hour, day of month, month, day of week");

        var bits = new ulong[Fields.Length];
        for (var i = 0; i < Fields.Length; i++)
        {
            (bits[i], var problem) = CronFieldParser.Parse(Fields[i], words[i], seed);
            if (problem is not null)
                return (null, problem);
        }

        // What remains is white space at the ends or other than spaces: the API server refuses it too.
        if (!Form().IsMatch(text))
            return (null, $"'{text}' is not written as a schedule; write five fields with spaces between them and nowhere else");

        var eitherDay = !words[2].StartsWith('*') && !words[4].StartsWith('*');
        if (!eitherDay && !LocalTicks.HasDate(bits))
            return (null, $"day of month: '{words[2]}' does not exist in month '{words[3]}', so it would never run; choose a day that the month has");
        return (new CronExpression(LocalTicks.Of(bits, eitherDay), words[1].StartsWith('*') || words[1].StartsWith("H/", StringComparison.Ordinal)), null);
    }

    /// <summary>As in crontab(5). Not spread by H: who writes @daily means midnight.</summary>
    private static string? Macro(string text) => text switch
    {
        "@hourly" => "0 * * * *",
        "@daily" or "@midnight" => "0 0 * * *",
        "@weekly" => "0 0 * * 0",
        "@monthly" => "0 0 1 * *",
        "@yearly" or "@annually" => "0 0 1 1 *",
        _ => null,
    };

    [GeneratedRegex(Patterns.Schedule)]
    private static partial Regex Form();
}
