using System.Globalization;

namespace Walle.Tests.Bench;

internal sealed record InformerBenchOptions
{
    public string? Kubeconfig { get; private init; }
    public int Count { get; private init; } = 20_000;
    public int Repeats { get; private init; } = 7;
    public string? Json { get; private init; }

    /// <summary>Null when an option is not known or its value is wrong.</summary>
    public static InformerBenchOptions? Parse(IReadOnlyList<string> arguments)
    {
        var options = new InformerBenchOptions();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            var number = int.TryParse(value, CultureInfo.InvariantCulture, out var parsed) && parsed > 0 ? parsed : (int?)null;
            var next = (arguments[i], value, number) switch
            {
                ("--kubeconfig", { } file, _) => options with { Kubeconfig = file },
                ("--json", { } file, _) => options with { Json = file },
                ("--count", _, { } count) => options with { Count = count },
                ("--repeats", _, { } repeats) => options with { Repeats = repeats },
                _ => null,
            };
            if (next is null)
                return null;
            options = next;
        }
        return options;
    }
}
