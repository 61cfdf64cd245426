namespace Walle.Tests.Cluster;

/// <summary>Where the sources are: tests start scripts of hack/ and read manifests/.</summary>
public static class RepositoryRoot
{
    private static readonly Lazy<string> Root = new(Find);

    public static string Combine(params string[] parts) => Path.Combine([Root.Value, .. parts]);

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "Walle.sln")))
                return directory.FullName;
        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds Walle.sln: run the tests inside Walle's repository");
    }
}
