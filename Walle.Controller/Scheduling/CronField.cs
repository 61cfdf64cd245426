namespace Walle.Controller.Scheduling;

/// <summary>One of the five fields: its name in messages and in the hash of H, and which numbers and names it knows.</summary>
/// <param name="HashMax">The largest number that H stands for. Days of the month end at 28, as in Jenkins: each month has them.</param>
/// <param name="ListMax">The largest number that may be written. For days of the week 7, which is Sunday once more.</param>
internal sealed record CronField(string Name, int Min, int Max, int HashMax, int ListMax, IReadOnlyList<string> Names)
{
    public static readonly CronField Minute = new("minute", 0, 59, 59, 59, []);
    public static readonly CronField Hour = new("hour", 0, 23, 23, 23, []);
    public static readonly CronField DayOfMonth = new("day of month", 1, 31, 28, 31, []);

    public static readonly CronField Month = new("month", 1, 12, 12, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]);

    public static readonly CronField DayOfWeek = new("day of week", 0, 6, 6, 7, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]);

    public int Size => Max - Min + 1;

    /// <summary>The names for a message: "0-7 or sun-sat".</summary>
    public string Known => Names.Count == 0 ? $"{Min}-{ListMax}" : $"{Min}-{ListMax} or {Names[0]}-{Names[^1]}";

    /// <summary>Null when the text is neither a number of this field nor a name.</summary>
    public int? ValueOf(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (text.Equals(Names[i], StringComparison.OrdinalIgnoreCase))
                return Min + i;
        }

        // Three digits cannot be a number of any field, and could be too many for an int.
        if (text.Length is 0 or > 2 || text.ContainsAnyExceptInRange('0', '9'))
            return null;
        var value = text.Length == 1 ? text[0] - '0' : ((text[0] - '0') * 10) + text[1] - '0';
        return value >= Min && value <= ListMax ? value : null;
    }
}
