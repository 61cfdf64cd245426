using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Walle.Controller.Hosting;

/// <summary>The logger of the process, and the one line that tells how it is configured.</summary>
internal static partial class ControllerLogging
{
    public static ILoggerFactory Create(ControllerOptions options) => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(Enum.Parse<LogLevel>(options.LogLevel));
        if (options.LogFormat == "json")
            logging.AddJsonConsole(json => Configure(json, "yyyy-MM-ddTHH:mm:ss.fffZ"));
        else
            logging.AddSimpleConsole(text =>
            {
                Configure(text, "HH:mm:ss.fff ");
                text.SingleLine = true;
            });
    });

    public static void LogOptions(ILogger logger, string version, ControllerOptions options) =>
        LogOptions(logger, version, string.Join(' ', ControllerOptionList.All.Select(option => $"{option.Name}={option.Show(options)}")));

    private static void Configure(ConsoleFormatterOptions formatter, string timestamp)
    {
        formatter.IncludeScopes = true;
        formatter.UseUtcTimestamp = true;
        formatter.TimestampFormat = timestamp;
    }

    [LoggerMessage(1, LogLevel.Information, "Walle controller {Version}; {Options}")]
    private static partial void LogOptions(ILogger logger, string version, string options);
}
