using System.Globalization;
using System.Text.RegularExpressions;

namespace Walle.Controller.Hosting;

/// <summary>Every option, with what it accepts: the one list from which flags, variables, the file, the help and the log are made.</summary>
internal static partial class ControllerOptionList
{
    public static readonly IReadOnlyList<ControllerOption> All =
    [
        new("ClusterName", "name of this cluster: the host name of all restic snapshots (default: default)",
            (options, value) => options with { ClusterName = Match(value, HostName(), "1 to 63 letters, digits, '.', '_' or '-', beginning with a letter or digit") }, options => options.ClusterName),
        new("WorkerImage", "image of the worker Jobs (default: walle/worker:dev)",
            (options, value) => options with { WorkerImage = Match(value, Image(), "an image reference, for example registry.example.com/walle/worker:1.0") }, options => options.WorkerImage),
        new("WorkerImagePullPolicy", "Always, IfNotPresent (default) or Never",
            (options, value) => options with { WorkerImagePullPolicy = OneOf(value, "Always", "IfNotPresent", "Never") }, options => options.WorkerImagePullPolicy),
        new("Namespace", "watch this namespace only (default: all)",
            (options, value) => options with { Namespace = value.Length == 0 ? "" : Match(value, Label(), "a namespace, or empty for all") }, options => options.Namespace),
        new("LeaderElection", "wait for a Lease before doing anything (default: true)",
            (options, value) => options with { LeaderElection = OneOf(value, "true", "false") == "true" }, options => options.LeaderElection ? "true" : "false"),
        new("LeaseNamespace", "namespace of the Lease (default: the Pod's, else walle-system)",
            (options, value) => options with { LeaseNamespace = Match(value, Label(), "a namespace") }, options => options.LeaseNamespace),
        new("LeaseName", "name of the Lease (default: walle-controller)",
            (options, value) => options with { LeaseName = Match(value, Subdomain(), "a name of lower-case letters, digits, '-' and '.'") }, options => options.LeaseName),
        new("Workers", "how many objects are worked on at once (default: 8)",
            (options, value) => options with { Workers = Number(value, 1, 64) }, options => $"{options.Workers}"),
        new("MaxBackups", "backups under way at once; 0: no limit (default: 16)",
            (options, value) => options with { MaxBackups = Number(value, 0, 10_000) }, options => $"{options.MaxBackups}"),
        new("MaxBackupsPerNamespace", "the same for each namespace (default: 0)",
            (options, value) => options with { MaxBackupsPerNamespace = Number(value, 0, 10_000) }, options => $"{options.MaxBackupsPerNamespace}"),
        new("MaxBackupsPerRepository", "the same for each repository Secret (default: 8)",
            (options, value) => options with { MaxBackupsPerRepository = Number(value, 0, 10_000) }, options => $"{options.MaxBackupsPerRepository}"),
        new("MaxBackupsPerNode", "the same for each node, counting the Pods that use the volumes (default: 0)",
            (options, value) => options with { MaxBackupsPerNode = Number(value, 0, 10_000) }, options => $"{options.MaxBackupsPerNode}"),
        new("MaxBackupsPerStorageClass", "the same for each StorageClass (default: 0)",
            (options, value) => options with { MaxBackupsPerStorageClass = Number(value, 0, 10_000) }, options => $"{options.MaxBackupsPerStorageClass}"),
        new("MetricsPort", "port of /metrics; 0: none (default: 8080)",
            (options, value) => options with { MetricsPort = Number(value, 0, 65535) }, options => $"{options.MetricsPort}"),
        new("HealthPort", "port of /livez and /readyz; 0: none (default: 8081)",
            (options, value) => options with { HealthPort = Number(value, 0, 65535) }, options => $"{options.HealthPort}"),
        new("LogLevel", "Trace, Debug, Information (default), Warning or Error",
            (options, value) => options with { LogLevel = OneOf(value, "Trace", "Debug", "Information", "Warning", "Error") }, options => options.LogLevel),
        new("LogFormat", "json (default in a cluster) or text (default elsewhere)",
            (options, value) => options with { LogFormat = OneOf(value, "json", "text") }, options => options.LogFormat),
        new("Kubeconfig", "file to connect with (default: the Pod's ServiceAccount, else $KUBECONFIG, else ~/.kube/config)",
            (options, value) => options with { Kubeconfig = value.Length == 0 || File.Exists(value) ? value : throw new FormatException("a file that exists") }, options => options.Kubeconfig),
        new("Context", "context in the kubeconfig (default: its current one)",
            (options, value) => options with { Context = value }, options => options.Context),
    ];

    private static string Match(string value, Regex pattern, string must) => pattern.IsMatch(value) ? value : throw new FormatException(must);

    private static string OneOf(string value, params string[] values) =>
        values.FirstOrDefault(known => known.Equals(value, StringComparison.OrdinalIgnoreCase)) ?? throw new FormatException($"one of {string.Join(", ", values)}");

    private static int Number(string value, int min, int max) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new FormatException($"a number from {min} to {max}");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    private static partial Regex HostName();

    [GeneratedRegex(@"^[A-Za-z0-9][^\s]{0,510}$")]
    private static partial Regex Image();

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    private static partial Regex Label();

    [GeneratedRegex("^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$")]
    private static partial Regex Subdomain();
}
