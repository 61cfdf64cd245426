namespace Walle.Controller.Scheduling;

/// <summary>
/// Reads one field: a list of <c>*</c>, <c>a</c>, <c>a-b</c>, <c>H</c> and <c>H(a-b)</c>, each with a step if wanted. <c>a/n</c> is
/// <c>a-last/n</c>, as in a CronJob (robfig/cron); Vixie cron refuses it. H is as in Jenkins: <c>H/n</c> is every n from a hashed start below n.
/// </summary>
internal static class CronFieldParser
{
    /// <summary>The values as bits, or what is wrong and how to put it right.</summary>
    public static (ulong Bits, string? Problem) Parse(CronField field, string text, HashSeed seed)
    {
        var bits = 0UL;
        foreach (var term in text.Split(','))
        {
            var (part, problem) = Term(field, term, seed);
            if (problem is not null)
                return (0, $"{field.Name}: '{term}' {problem}");
            bits |= part;
        }

        return (bits, null);
    }

    private static (ulong Bits, string? Problem) Term(CronField field, string term, HashSeed seed)
    {
        if (term.Length == 0)
            return Wrong("is an empty item of a list; remove the comma");

        var slash = term.IndexOf('/', StringComparison.Ordinal);
        var range = slash < 0 ? term : term[..slash];
        int? step = null;
        if (slash >= 0)
        {
            if (!TryStep(term[(slash + 1)..], out var number) || number < 1 || number > field.Size)
                return Wrong($"has a step that is not 1-{field.Size}");
            step = number;
        }

        if (range.StartsWith('H'))
            return Hashed(field, range, step, seed);
        if (range == "*")
            return (Every(field.Min, field.Max, step ?? 1), null);
        var (from, to, problem) = Bounds(field, range);
        if (problem is not null)
            return Wrong(problem);
        // One number with a step goes on to the end of the field.
        if (step is not null && !range.Contains('-', StringComparison.Ordinal))
            to = field.Max;
        return (Folded(field, Every(from, to, step ?? 1)), null);
    }

    private static (ulong Bits, string? Problem) Hashed(CronField field, string range, int? step, HashSeed seed)
    {
        var (from, to) = (field.Min, field.HashMax);
        if (range != "H")
        {
            if (range.Length < 4 || range[1] != '(' || range[^1] != ')' || !range.Contains('-', StringComparison.Ordinal))
                return Wrong("is not read; write H, H/n, H(a-b) or H(a-b)/n");
            (from, to, var problem) = Bounds(field, range[2..^1]);
            if (problem is not null)
                return Wrong(problem);
        }

        var count = to - from + 1;
        if (step > count)
            return Wrong($"has a step above {count}, the number of values to choose from");
        var start = from + seed.Pick(field.Name, step ?? count);
        return (Folded(field, step is null ? 1UL << start : Every(start, to, step.Value)), null);
    }

    private static (int From, int To, string? Problem) Bounds(CronField field, string range)
    {
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0)
            return field.ValueOf(range) is { } single ? (single, single, null) : (0, 0, $"is not read; write {field.Known}");
        if (field.ValueOf(range.AsSpan(0, dash)) is not { } from || field.ValueOf(range.AsSpan(dash + 1)) is not { } to)
            return (0, 0, $"is not read; write a range within {field.Known}");
        // A week may end with Sunday: fri-sun.
        if (to == field.Min && from > to && field.ListMax > field.Max)
            to = field.ListMax;
        return from <= to ? (from, to, null) : (0, 0, $"runs backwards; write two ranges: {range[..dash]}-{field.Max},{field.Min}-{range[(dash + 1)..]}");
    }

    private static ulong Every(int from, int to, int step)
    {
        var bits = 0UL;
        for (var value = from; value <= to; value += step)
            bits |= 1UL << value;
        return bits;
    }

    /// <summary>Sunday written as 7 is Sunday.</summary>
    private static ulong Folded(CronField field, ulong bits) =>
        field.ListMax > field.Max && (bits & (1UL << field.ListMax)) != 0 ? (bits & ~(1UL << field.ListMax)) | 1UL : bits;

    private static bool TryStep(string text, out int step)
    {
        step = 0;
        if (text.Length is 0 or > 2 || text.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return false;
        foreach (var digit in text)
            step = (step * 10) + digit - '0';
        return true;
    }

    private static (ulong Bits, string? Problem) Wrong(string problem) => (0, problem);
}
