namespace Walle.Controller.Hosting;

/// <summary>One option: <paramref name="Set"/> throws FormatException with what a value must be like; <paramref name="Show"/> is for the log.</summary>
internal sealed record ControllerOption(
    string Name,
    string Help,
    Func<ControllerOptions, string, ControllerOptions> Set,
    Func<ControllerOptions, string> Show)
{
    /// <summary>LeaseName is --lease-name.</summary>
    public string Flag { get; } =
        "--" + string.Concat(Name.Select((letter, index) => char.IsUpper(letter) && index > 0 ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));

    /// <summary>LeaseName is WALLE_LEASENAME.</summary>
    public string Variable { get; } = OptionsReader.VariablePrefix + Name.ToUpperInvariant();
}
