namespace Walle.Tests.Cluster;

/// <summary>The kinds that must exist before any test: Walle's own and those of the external snapshotter.</summary>
internal static class ClusterCrds
{
    /// <summary>Through kubectl, as a user does it: the client's YAML reader would turn a default of 600 into "600".</summary>
    public static async Task ApplyAsync(string kubeconfig, bool hasCel, Action<string> progress)
    {
        string[][] folders = [hasCel ? ["manifests", "crds", "cel"] : ["manifests", "crds"], ["Walle.Tests", "Storage", "Crds"]];
        var files = folders.Select(RepositoryRoot.Combine).Where(Directory.Exists)
            .SelectMany(folder => Directory.GetFiles(folder, "*.yaml"))
            .Where(file => Path.GetFileName(file) != "kustomization.yaml")
            .Order(StringComparer.Ordinal).ToArray();
        if (files.Length == 0)
            return;
        var named = files.SelectMany(file => new[] { "-f", file }).ToArray();
        await HostCommand.RunAsync("kubectl", ["--kubeconfig", kubeconfig, "apply", "--server-side", .. named]);
        await HostCommand.RunAsync("kubectl", ["--kubeconfig", kubeconfig, "wait", "--for=condition=Established", "--timeout=60s", .. named]);
        progress($"applied {files.Length} files of custom resource definitions");
    }
}
