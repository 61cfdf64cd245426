using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using DotNet.Testcontainers.Containers;

namespace Walle.Tests.Cluster;

/// <summary>Brings images into the node, each once per cluster: a Pod there says `imagePullPolicy: Never`.</summary>
internal sealed class NodeImages(IContainer container, Action<string> progress)
{
    private const string Owner = "walle/";
    private const string LocalTag = ":dev";
    private readonly ConcurrentDictionary<string, Lazy<Task>> _loaded = new(StringComparer.Ordinal);

    /// <summary>Loads an image of the Docker engine. Those of hack/images (walle/NAME:dev) are built first if their sources have changed.</summary>
    public Task LoadAsync(string image) => _loaded.GetOrAdd(image, name => new Lazy<Task>(() => Task.Run(() => PrepareAsync(name)))).Value;

    /// <summary>Runs the script that makes an image and prints its name, and loads it.</summary>
    public async Task<string> BuildAndLoadAsync(string script)
    {
        var image = await BuildAsync(script);
        await LoadAsync(image);
        return image;
    }

    private async Task PrepareAsync(string image)
    {
        if (!image.StartsWith(Owner, StringComparison.Ordinal) || !image.EndsWith(LocalTag, StringComparison.Ordinal))
        {
            await ImportAsync(image);
            return;
        }

        // By the name that holds the hash of the sources: in the engine, which other checkouts use too, :dev may be somebody else's.
        var built = await BuildAsync("hack/images", image[Owner.Length..^LocalTag.Length]);
        await ImportAsync(built);
        var named = await container.ExecAsync(["ctr", "-n", "k8s.io", "images", "tag", "--force", "docker.io/" + built, "docker.io/" + image]);
        new CommandResult($"ctr images tag {built} {image}", named.ExitCode ?? -1, named.Stdout, named.Stderr).OutputOrThrow();
    }

    private async Task<string> BuildAsync(string script, params string[] arguments)
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
