using System.Collections;
using System.Reflection;
using Walle.Controller;
using Walle.Controller.Hosting;

// The only place, with Composition, where concrete services are made. Exit codes: 0 asked to stop, 1 a fault or leadership lost, 2 wrong options.
if (args is ["--help" or "-h"])
{
    Console.Out.Write(OptionsReader.Help);
    return 0;
}

var version = typeof(ControllerOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
if (args is ["--version"])
{
    Console.Out.WriteLine(version);
    return 0;
}

try
{
    var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "");
    using var shutdown = new ShutdownSignal();
    return await Composition.RunAsync(OptionsReader.Read(args, environment, AppContext.BaseDirectory), version, TimeProvider.System, shutdown.Token);
}
catch (InvalidOptionsException invalid)
{
    foreach (var fault in invalid.Faults)
        Console.Error.WriteLine($"walle-controller: {fault}");
    return 2;
}
