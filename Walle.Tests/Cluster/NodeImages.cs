using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using DotNet.Testcontainers.Containers;

namespace Walle.Tests.Cluster;

/// <summary>Brings images into the node, each once per cluster: a Pod there says `imagePullPolicy: Never`.</summary>
internal sealed class NodeImages(IContainer container, Action<string> progress)
{
    private readonly ConcurrentDictionary<string, Lazy<Task>> _loaded = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _built = new(StringComparer.Ordinal);

    public Task LoadAsync(string image) => _loaded.GetOrAdd(image, name => new Lazy<Task>(() => Task.Run(() => ImportAsync(name)))).Value;

    /// <summary>Runs the script that makes the image and prints its name as the last line, then loads it.</summary>
    public async Task<string> BuildAndLoadAsync(string script, params string[] arguments)
    {
        var key = string.Join(' ', [script, .. arguments]);
        var image = await _built.GetOrAdd(key, _ => new Lazy<Task<string>>(() => Task.Run(() => BuildAsync(script, arguments)))).Value;
        await LoadAsync(image);
        return image;
    }

    private async Task<string> BuildAsync(string script, string[] arguments)
    {
        var output = await HostCommand.RunAsync(RepositoryRoot.Combine(script.Split('/')), arguments, progress);
        return output.TrimEnd().Split('\n')[^1];
    }

    private async Task ImportAsync(string image)
    {
        var clock = Stopwatch.StartNew();
        // `ctr` is containerd's own in our node image, and k3s's under the same name in rancher/k3s.
        const string Pipe = "docker save \"$1\" | docker exec -i \"$2\" ctr -n k8s.io images import - >/dev/null";
        await HostCommand.RunAsync("bash", ["-o", "pipefail", "-c", Pipe, "load-image", image, container.Id]);
        progress(string.Create(CultureInfo.InvariantCulture, $"loaded {image} in {clock.Elapsed.TotalSeconds:0.0} s"));
    }
}
