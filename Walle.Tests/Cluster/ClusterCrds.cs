namespace Walle.Tests.Cluster;

/// <summary>The kinds that must exist before any test: Walle's own and those of the external snapshotter.</summary>
internal static class ClusterCrds
{
    private static readonly string[][] Folders = [["manifests", "crds"], ["Walle.Tests", "Storage", "Crds"]];

    /// <summary>
    /// Through kubectl, as a user does it: the client's YAML reader would turn a default of 600 into "600". Without validation, since kubectl would refuse
    /// the CEL rules for a server that does not know them yet, and such a server just drops them.
    /// </summary>
    public static async Task ApplyAsync(string kubeconfig, Action<string> progress)
    {
        var files = Folders.Select(RepositoryRoot.Combine).Where(Directory.Exists)
            .SelectMany(folder => Directory.GetFiles(folder, "*.yaml"))
            .Where(file => Path.GetFileName(file) != "kustomization.yaml")
            .Order(StringComparer.Ordinal).ToArray();
        if (files.Length == 0)
            return;
        var named = files.SelectMany(file => new[] { "-f", file }).ToArray();
        await HostCommand.RunAsync("kubectl", ["--kubeconfig", kubeconfig, "apply", "--server-side", "--validate=false", .. named]);
        await HostCommand.RunAsync("kubectl", ["--kubeconfig", kubeconfig, "wait", "--for=condition=Established", "--timeout=60s", .. named]);
        progress($"applied {files.Length} files of custom resource definitions");
    }
}
