using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Walle.Controller.Hosting;

/// <summary>
/// Makes the options from, in this order, the last that has it winning: defaults, appsettings.json beside the program, environment variables, flags.
/// Whatever is unknown or wrong is collected and reported together.
/// </summary>
internal sealed partial class OptionsReader
{
    public const string VariablePrefix = "WALLE_";

    private const string FileName = "appsettings.json";

    private readonly List<string> _faults = [];

    private OptionsReader()
    {
    }

    public static string Help =>
        "Usage: Walle.Controller [flags]\n\n"
        + string.Concat(ControllerOptionList.All.Select(option => $"  {option.Flag,-36}{option.Help}\n"))
        + $"\nEach is also an environment variable (--lease-name is {VariablePrefix}LEASENAME) and a key of {FileName} (LeaseName). Flags win, then variables.\n";

    /// <summary>Throws <see cref="InvalidOptionsException"/>.</summary>
    /// <param name="environment">All variables of the process.</param>
    /// <param name="folder">Where appsettings.json may be.</param>
    public static ControllerOptions Read(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string folder)
    {
        var reader = new OptionsReader();
        var options = reader.ReadAll(arguments, environment, folder);
        return reader._faults.Count == 0 ? options : throw new InvalidOptionsException(reader._faults);
    }

    private ControllerOptions ReadAll(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string folder)
    {
        var options = Defaults(environment);
        options = Apply(options, FromFile(folder), option => $"{option.Name} in {FileName}");
        options = Apply(options, FromEnvironment(environment), option => $"environment variable {option.Variable}");
        options = Apply(options, FromArguments(arguments), option => $"flag {option.Flag}");
        if (options.MetricsPort == options.HealthPort && options.HealthPort != 0)
            _faults.Add($"MetricsPort and HealthPort are both {options.HealthPort}; choose another for one of them");
        return options;
    }

    private static ControllerOptions Defaults(IReadOnlyDictionary<string, string> environment)
    {
        var options = new ControllerOptions { LogFormat = environment.ContainsKey("KUBERNETES_SERVICE_HOST") ? "json" : "text" };
        return environment.TryGetValue("POD_NAMESPACE", out var podNamespace) && podNamespace.Length > 0 ? options with { LeaseNamespace = podNamespace } : options;
    }

    private ControllerOptions Apply(ControllerOptions options, Dictionary<ControllerOption, string> values, Func<ControllerOption, string> where)
    {
        foreach (var (option, value) in values)
        {
            try
            {
                options = option.Set(options, value.Trim());
            }
            catch (FormatException error)
            {
                _faults.Add($"{where(option)}: '{value}' must be {error.Message}");
            }
        }

        return options;
    }

    private Dictionary<ControllerOption, string> FromFile(string folder)
    {
        Dictionary<ControllerOption, string> values = [];
        try
        {
            var file = new ConfigurationBuilder().SetBasePath(folder).AddJsonFile(FileName, optional: true, reloadOnChange: false).Build();
            foreach (var section in file.GetChildren())
            {
                var items = section.GetChildren().Select(item => item.Value);
                if (Find(section.Key) is { } option)
                    values[option] = section.Value ?? string.Join(',', items);
                else
                    _faults.Add($"{FileName}: there is no option {section.Key}{Suggestion(section.Key, option => option.Name)}");
            }
        }
        catch (Exception error) when (error is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            _faults.Add($"{FileName}: {(error.InnerException ?? error).Message}");
        }

        return values;
    }

    private Dictionary<ControllerOption, string> FromEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        Dictionary<ControllerOption, string> values = [];
        foreach (var (name, value) in environment.Where(pair => pair.Key.StartsWith(VariablePrefix, StringComparison.Ordinal)))
        {
            if (Find(name[VariablePrefix.Length..]) is { } option)
                values[option] = value;
            else if (!ServiceLink().IsMatch(name))
                _faults.Add($"environment variable {name}: there is no such option{Suggestion(name[VariablePrefix.Length..], option => option.Variable)}");
        }

        return values;
    }

    private Dictionary<ControllerOption, string> FromArguments(IReadOnlyList<string> arguments)
    {
        Dictionary<ControllerOption, string> values = [];
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            var parts = argument.Split('=', 2);
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                _faults.Add($"'{argument}' is no flag; flags are --name=value (--help lists them)");
            }
            else if (Find(parts[0].Replace("-", "", StringComparison.Ordinal)) is not { } option)
            {
                _faults.Add($"flag {parts[0]}: there is no such flag{Suggestion(parts[0], option => option.Flag)} (--help lists them)");
                SkipValue(ref i);
            }
            else if (parts.Length == 1 && option.Name != nameof(ControllerOptions.LeaderElection) && !HasValue(i))
            {
                _faults.Add($"flag {option.Flag}: a value is missing; write {option.Flag}=VALUE");
            }
            else if (!values.TryAdd(option, parts.Length == 2 ? parts[1] : HasValue(i) ? arguments[++i] : "true"))
            {
                _faults.Add($"flag {option.Flag} is given twice");
            }
        }

        return values;

        bool HasValue(int index) => index + 1 < arguments.Count && !arguments[index + 1].StartsWith("--", StringComparison.Ordinal);

        void SkipValue(ref int index)
        {
            if (!arguments[index].Contains('=', StringComparison.Ordinal) && HasValue(index))
                index++;
        }
    }

    private static ControllerOption? Find(string name) => ControllerOptionList.All.FirstOrDefault(option => option.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>For a slip of one or two letters, or an underscore too many.</summary>
    private static string Suggestion(string name, Func<ControllerOption, string> show)
    {
        var letters = string.Concat(name.Where(char.IsLetter)).ToUpperInvariant();
        var near = ControllerOptionList.All.FirstOrDefault(option => EditDistance(letters, option.Name.ToUpperInvariant()) <= 2);
        return near is null ? "" : $"; did you mean {show(near)}?";
    }

    private static int EditDistance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }

    /// <summary>
    /// kubelet sets such variables for each Service of the namespace; one named walle-metrics must not stop the controller.
    /// https://kubernetes.io/docs/tutorials/services/connect-applications-service/#environment-variables
    /// </summary>
    [GeneratedRegex("_SERVICE_HOST$|_SERVICE_PORT(_.+)?$|_PORT$|_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$")]
    private static partial Regex ServiceLink();
}
