using System.Globalization;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>The faults that hold for one operation.</summary>
internal sealed class FaultSet
{
    private readonly Dictionary<string, string> _faults = new(StringComparer.Ordinal);

    public static FaultSet Of(params IMetadata<V1ObjectMeta>?[] objects)
    {
        var set = new FaultSet();
        foreach (var text in objects.Select(o => o?.Metadata.Annotations?.TryGetValue(Fault.Annotation, out var value) == true ? value : ""))
        {
            foreach (var fault in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = fault.Split(':', 2);
                set._faults[parts[0]] = parts.Length > 1 ? parts[1] : "";
            }
        }

        return set;
    }

    public bool Has(string fault) => _faults.ContainsKey(fault);

    public string? Argument(string fault) => _faults.TryGetValue(fault, out var argument) && argument.Length > 0 ? argument : null;

    public int Count(string fault, int byDefault) =>
        Has(fault) ? Argument(fault) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : byDefault : 0;

    /// <summary><c>5s</c> or <c>500ms</c>; zero without the fault.</summary>
    public TimeSpan Delay(string fault)
    {
        if (Argument(fault) is not { } text)
            return TimeSpan.Zero;
        return text.EndsWith("ms", StringComparison.Ordinal)
            ? TimeSpan.FromMilliseconds(double.Parse(text[..^2], CultureInfo.InvariantCulture))
            : TimeSpan.FromSeconds(double.Parse(text.TrimEnd('s'), CultureInfo.InvariantCulture));
    }
}
