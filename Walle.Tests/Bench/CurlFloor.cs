using System.Diagnostics;
using System.Text;
using System.Text.Json;
using k8s;
using Walle.Controller.Kubernetes;

namespace Walle.Tests.Bench;

/// <summary>
/// The floor: one curl process, one connection, the same pages one after the other, thrown away. It is given the continue tokens beforehand, so it
/// need not even look at what it reads.
/// </summary>
internal sealed class CurlFloor : IDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("walle-bench-");
    private readonly k8s.Kubernetes _client;
    private readonly string _ns;

    public CurlFloor(k8s.Kubernetes client, string kubeconfig, string ns)
    {
        (_client, _ns) = (client, ns);
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);
        var options = new StringBuilder("silent\nfail\ninsecure\nhttp2\n");
        if (configuration.ClientCertificateData is { } certificate && configuration.ClientCertificateKeyData is { } key)
            options.Append("cert = ").Append(Write("cert", certificate)).Append("\nkey = ").Append(Write("key", key)).Append('\n');
        if (configuration.AccessToken is { } token)
            options.Append("header = \"Authorization: Bearer ").Append(token).Append("\"\n");
        Options = options.ToString();
    }

    /// <summary>Bytes of the list's pages together, by the last run.</summary>
    public long Bytes { get; private set; }

    private string Options { get; }

    public async Task<double> RunAsync()
    {
        var config = new StringBuilder(Options);
        foreach (var uri in await PagesAsync())
            config.Append("url = \"").Append(uri).Append("\"\noutput = /dev/null\n");
        config.Append("write-out = \"%{size_download}\\n\"\n");
        var file = Path.Combine(_files.FullName, "curl");
        await File.WriteAllTextAsync(file, config.ToString());
        var clock = Stopwatch.StartNew();
        using var curl = Process.Start(new ProcessStartInfo("curl", ["--config", file]) { RedirectStandardOutput = true })!;
        var sizes = await curl.StandardOutput.ReadToEndAsync();
        await curl.WaitForExitAsync();
        var elapsed = clock.Elapsed.TotalSeconds;
        if (curl.ExitCode != 0)
            throw new InvalidOperationException($"curl ended with exit code {curl.ExitCode}");
        Bytes = sizes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(size => (long)double.Parse(size, System.Globalization.CultureInfo.InvariantCulture));
        return elapsed;
    }

    public void Dispose() => _files.Delete(recursive: true);

    private async Task<List<Uri>> PagesAsync()
    {
        var uris = new List<Uri>();
        string? token = null;
        do
        {
            var uri = new ResourcePath("", "v1", "persistentvolumeclaims").ListUri(_ns, null, 500, token);
            uris.Add(new Uri(_client.BaseUri, uri));
            using var response = await new ApiConnection(_client).GetAsync(uri, CancellationToken.None);
            using var page = await JsonDocument.ParseAsync(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
            token = page.RootElement.GetProperty("metadata").TryGetProperty("continue", out var next) ? next.GetString() : null;
        }
        while (!string.IsNullOrEmpty(token));
        return uris;
    }

    private string Write(string name, string base64)
    {
        var file = Path.Combine(_files.FullName, name);
        File.WriteAllBytes(file, Convert.FromBase64String(base64));
        return file;
    }
}
