using System.Collections.Concurrent;
using System.Diagnostics;
using k8s;
using k8s.Models;
using Walle.Tests.Cluster;

namespace Walle.Tests.EndToEnd;

/// <summary>
/// The real controller as a process of its own, with the rights of its ServiceAccount and nothing more, and no way to end but by a signal: what
/// <c>dotnet run --project Walle.Controller</c> starts.
/// </summary>
internal sealed class ControllerProcess : IAsyncDisposable
{
    // `make test` names the published one, as it is in the image; otherwise it is what the build of the tests has built beside them.
    private static readonly string Program = Environment.GetEnvironmentVariable("TEST_CONTROLLER") ?? Path.Combine(
        RepositoryRoot.Combine("Walle.Controller"), Path.GetRelativePath(RepositoryRoot.Combine("Walle.Tests"), AppContext.BaseDirectory), "Walle.Controller.dll");

    private readonly ConcurrentQueue<string> _log = new();
    private readonly string _kubeconfig;
    private readonly IReadOnlyList<string> _arguments;
    private Process? _process;

    public ControllerProcess(string kubeconfig, params IReadOnlyList<string> arguments)
    {
        _kubeconfig = kubeconfig;
        _arguments = arguments;
    }

    /// <summary>It ends only when it is killed; otherwise something is wrong, and no test could tell what.</summary>
    public bool Runs => _process is { HasExited: false };

    public string Log => string.Join('\n', _log);

    public void Start()
    {
        var isLibrary = Program.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(isLibrary ? "dotnet" : Program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (isLibrary)
            start.ArgumentList.Add(Program);
        start.ArgumentList.Add("--kubeconfig");
        start.ArgumentList.Add(_kubeconfig);
        foreach (var argument in _arguments)
            start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process?.Id ?? throw new InvalidOperationException("it has not been started");

    /// <summary>SIGKILL: nothing is finished, nothing is released.</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
    }

    /// <summary>Completes when the process has ended, however it did; its exit code (137: SIGKILL).</summary>
    public async Task<int> ExitAsync()
    {
        await _process!.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
    }

    /// <summary>A kubeconfig with a token of a ServiceAccount, and the cluster of the administrator's.</summary>
    public static async Task<string> KubeconfigForAsync(TestCluster cluster, string @namespace, string serviceAccount)
    {
        var token = await cluster.Kubernetes.CoreV1.CreateNamespacedServiceAccountTokenAsync(
            new Authenticationv1TokenRequest { Spec = new V1TokenRequestSpec { ExpirationSeconds = 6 * 3600, Audiences = [] } }, serviceAccount, @namespace);
        var admin = KubernetesYaml.Deserialize<k8s.KubeConfigModels.K8SConfiguration>(await File.ReadAllTextAsync(cluster.Kubeconfig));
        var path = Path.Combine(Directory.CreateTempSubdirectory("walle-controller-").FullName, "kubeconfig");
        await File.WriteAllTextAsync(path, $$"""
            apiVersion: v1
            kind: Config
            current-context: walle
            clusters:
            - name: walle
              cluster: {server: "{{admin.Clusters.First().ClusterEndpoint.Server}}", certificate-authority-data: "{{admin.Clusters.First().ClusterEndpoint.CertificateAuthorityData}}"}
            users:
            - name: walle
              user: {token: "{{token.Status.Token}}"}
            contexts:
            - name: walle
              context: {cluster: walle, user: walle, namespace: {{@namespace}}}
            """);
        return path;
    }

    private void Keep(string? line)
    {
        if (line is not null)
            _log.Enqueue(line);
    }
}
