namespace Walle.Worker.Arguments;

/// <summary>Which command a dump takes the output of, checked.</summary>
internal sealed record DumpArguments(string Namespace, string Pod, string PodUid, string Container, IReadOnlyList<string> Command, TimeSpan Timeout)
{
    /// <summary>The command as it was given: handed on as it is.</summary>
    public string CommandText { get; init; } = "";

    /// <summary>kubelet's folder: token, ca.crt.</summary>
    public string AccountDirectory { get; init; } = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>The API server; null: as the environment of every container says.</summary>
    public Uri? Server { get; init; }

    /// <summary>Of exec-stream: where to leave the report.</summary>
    public string? Report { get; init; }
}
