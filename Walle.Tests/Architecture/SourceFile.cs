using Walle.Tests.Cluster;

namespace Walle.Tests.Architecture;

/// <summary>A C# file: its path from the repository's root, with slashes, and its text.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    /// <summary>The project: the first folder.</summary>
    public string Project => Path.Split('/')[0];

    /// <summary>The folder inside the project; empty for a file beside the csproj.</summary>
    public string Folder => Path.Split('/') is { Length: > 2 } parts ? parts[1] : "";

    public static IReadOnlyList<SourceFile> ReadAll(params string[] projects) =>
    [
        .. from project in projects
           from file in Directory.EnumerateFiles(RepositoryRoot.Combine(project), "*.cs", SearchOption.AllDirectories)
           let path = System.IO.Path.GetRelativePath(RepositoryRoot.Combine(), file).Replace('\\', '/')
           where !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal)
           select new SourceFile(path, File.ReadAllText(file)),
    ];
}
