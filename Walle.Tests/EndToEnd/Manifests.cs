using System.Diagnostics;
using Walle.Tests.Cluster;

namespace Walle.Tests.EndToEnd;

/// <summary>manifests/default as <c>kubectl apply -k</c> sees it.</summary>
internal static class Manifests
{
    /// <summary>All but the Deployment: in most tests the controller runs outside, with the same rights.</summary>
    public static async Task ApplyRightsAsync(TestCluster cluster)
    {
        var documents = (await RenderAsync()).Split("\n---\n").Where(document => !document.Contains("\nkind: Deployment\n", StringComparison.Ordinal));
        await KubectlAsync(string.Join("\n---\n", documents), "--kubeconfig", cluster.Kubeconfig, "apply", "-f", "-");
    }

    /// <summary>manifests/hooks for a namespace, as its administrator writes it there.</summary>
    public static async Task ApplyHooksAsync(TestCluster cluster, string @namespace)
    {
        var hooks = await KubectlAsync(null, "kustomize", RepositoryRoot.Combine("manifests", "hooks"));
        await KubectlAsync(hooks.Replace("namespace: shop", $"namespace: {@namespace}", StringComparison.Ordinal), "--kubeconfig", cluster.Kubeconfig, "apply", "-f", "-");
    }

    /// <summary>All of it, as YAML.</summary>
    public static Task<string> RenderAsync() => KubectlAsync(null, "kustomize", RepositoryRoot.Combine("manifests", "default"));

    private static async Task<string> KubectlAsync(string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (input is not null)
            await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)}: {await error}");
    }
}
