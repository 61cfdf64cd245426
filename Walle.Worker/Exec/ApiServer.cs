using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Worker.Arguments;

namespace Walle.Worker.Exec;

/// <summary>Where the API server is: as the environment of every container says.</summary>
internal static class ApiServer
{
    /// <exception cref="WorkerException">The environment does not say.</exception>
    public static Uri Of(DumpArguments dump, Func<string, string?> variable)
    {
        if (dump.Server is not null)
            return dump.Server;
        var host = variable("KUBERNETES_SERVICE_HOST");
        var port = variable("KUBERNETES_SERVICE_PORT_HTTPS") ?? variable("KUBERNETES_SERVICE_PORT");
        return host is null || port is null
            ? throw new WorkerException(Reason.HookUnreachable, WorkerExitCode.Failure, "the environment does not name the API server; a command is run from a Pod of the cluster")
            : new Uri($"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");
    }
}
