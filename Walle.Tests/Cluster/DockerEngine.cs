using System.Net.NetworkInformation;

namespace Walle.Tests.Cluster;

/// <summary>Finds or starts the Docker engine, and sets Testcontainers up for it. Must run before Testcontainers is touched.</summary>
internal static class DockerEngine
{
    /// <summary>The newest API version Testcontainers asks for by itself; an older engine has to be named.</summary>
    private static readonly Version TestcontainersDefault = new(1, 44);

    private const string EngineBridge = "docker0";

    public static async Task PrepareAsync(Action<string> progress)
    {
        var version = await ServerApiVersionAsync();
        if (version is null)
        {
            progress("no Docker engine answers: starting one");
            await HostCommand.RunAsync(RepositoryRoot.Combine("hack", "cluster", "engine"), ["up"], progress);
            version = await ServerApiVersionAsync() ?? throw new InvalidOperationException("hack/cluster/engine up ended well, but `docker version` still finds no engine");
        }

        if (version < TestcontainersDefault)
            SetDefault("DOCKER_API_VERSION", version.ToString());
        // Inside a container Testcontainers takes the bridge's gateway for the engine's address, which the node's certificate does not name.
        // An engine that runs beside us, as its bridge tells, is reached as on any other machine.
        if (NetworkInterface.GetAllNetworkInterfaces().Any(device => device.Name == EngineBridge))
            SetDefault("TESTCONTAINERS_HOST_OVERRIDE", "127.0.0.1");
        // Its image may be out of reach; ContainerReaper does the same work without one.
        SetDefault("TESTCONTAINERS_RYUK_DISABLED", "true");
    }

    private static async Task<Version?> ServerApiVersionAsync()
    {
        try
        {
            var result = await HostCommand.RunAllowingFailureAsync("docker", ["version", "--format", "{{.Server.APIVersion}}"]);
            return result.ExitCode == 0 && Version.TryParse(result.Output.Trim(), out var version) ? version : null;
        }
        catch (FileNotFoundException)
        {
            return null; // no docker program: `engine up` installs it or says why it cannot
        }
    }

    private static void SetDefault(string name, string value)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))
            Environment.SetEnvironmentVariable(name, value);
    }
}
