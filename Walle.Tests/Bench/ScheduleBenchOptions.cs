using System.Globalization;

namespace Walle.Tests.Bench;

internal sealed record ScheduleBenchOptions
{
    public int Count { get; private init; } = 10_000;

    /// <summary>How long nothing is due while the processor's time is taken.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Null when an option is not known or its value is wrong.</summary>
    public static ScheduleBenchOptions? Parse(IReadOnlyList<string> arguments)
    {
        var options = new ScheduleBenchOptions();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (i + 1 == arguments.Count || !int.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out var number) || number < 1)
                return null;
            if (arguments[i] == "--count")
                options = options with { Count = number };
            else if (arguments[i] == "--seconds")
                options = options with { Idle = TimeSpan.FromSeconds(number) };
            else
                return null;
        }

        return options;
    }
}
