using System.Text.RegularExpressions;

namespace Walle.Tests.Architecture;

/// <summary>The one-way order of Walle.Controller/ARCHITECTURE.md, read from namespaces and type names. Pure: it is given the files.</summary>
internal static class LayeringRules
{
    /// <summary>A folder may use folders of a smaller number, and none beside it.</summary>
    public static readonly IReadOnlyDictionary<string, int> Levels = new Dictionary<string, int>
    {
        ["Diagnostics"] = 0,
        ["Queue"] = 1,
        ["Scheduling"] = 1,
        ["Kubernetes"] = 2,
        ["Projections"] = 2,
        ["Informers"] = 3,
        ["Exec"] = 3,
        ["Pipeline"] = 4,
        ["Reconcilers"] = 5,
        ["Controllers"] = 6,
        ["Hosting"] = 7,
        // Program.cs; nothing may use what stands there but the options, which use nothing.
        [""] = 8,
    };

    /// <summary>The one exception: projections are named by Kubernetes' value types.</summary>
    private static readonly (string User, string Used) SameLevel = ("Projections", "Kubernetes");

    /// <summary>What the pure folder may use of folders below: values, and nothing that acts.</summary>
    private static readonly Dictionary<string, string[]?> PipelineMayUse = new()
    {
        ["Scheduling"] = null,
        ["Projections"] = null,
        ["Kubernetes"] = ["NamespacedName", "OwnerReferences"],
    };

    private static readonly string[] ImpureWords = ["async", "await", "Task", "ValueTask", "ILogger", "IKubernetes", "KubernetesClientConfiguration", "GenericClient", "HttpClient", "TimeProvider", "Console", "File", "Random", "Thread"];

    public static IReadOnlyList<string> Violations(IReadOnlyList<SourceFile> files)
    {
        var controller = files.Where(file => file.Project == "Walle.Controller").ToList();
        var typesByFolder = controller.ToLookup(file => file.Folder, file => CSharpText.DeclaredTypes(file.Text))
            .ToDictionary(group => group.Key, group => group.SelectMany(types => types).ToHashSet());
        return
        [
            .. controller.SelectMany(file => OfController(file, typesByFolder)),
            .. controller.Where(file => file.Folder == "Pipeline").SelectMany(OfPipeline),
            .. files.Where(file => file.Project == "Walle.Worker").SelectMany(file => Foreign(file, "Walle.Controller", "k8s")),
            .. files.Where(file => file.Project == "Walle.Crds").SelectMany(file => Foreign(file, "Walle.Controller", "Walle.Worker", "k8s")),
        ];
    }

    private static IEnumerable<string> OfController(SourceFile file, Dictionary<string, HashSet<string>> typesByFolder)
    {
        if (!Levels.TryGetValue(file.Folder, out var level))
        {
            yield return $"{file.Path}: folder {file.Folder} has no place in the order";
            yield break;
        }

        var code = CSharpText.Code(file.Text);
        foreach (var (folder, otherLevel) in Levels.Where(pair => pair.Key.Length > 0 && pair.Key != file.Folder))
        {
            // Named in full (a using, or in the code), or as Folder.Type, which the shared parent namespace allows.
            var used = Regex.IsMatch(code, $@"\bWalle\.Controller\.{folder}\b")
                || typesByFolder.GetValueOrDefault(folder, []).Any(type => Regex.IsMatch(code, $@"(?<![\w.]){folder}\.{type}\b"));
            var allowed = otherLevel < level || (file.Folder, folder) == SameLevel;
            if (used && !allowed)
                yield return $"{file.Path}: {file.Folder} ({level}) uses {folder} ({otherLevel})";
            if (used && file.Folder == "Pipeline" && !PipelineMayUse.ContainsKey(folder))
                yield return $"{file.Path}: Pipeline is pure and uses {folder}";
        }

        if (file.Folder == "Pipeline")
        {
            foreach (var (folder, only) in PipelineMayUse.Where(pair => pair.Value is not null))
                foreach (var type in typesByFolder.GetValueOrDefault(folder, []).Except(only!).Where(type => CSharpText.Mentions(code, type)))
                    yield return $"{file.Path}: Pipeline is pure and uses {folder}.{type}";
        }
    }

    private static IEnumerable<string> OfPipeline(SourceFile file)
    {
        var code = CSharpText.Code(file.Text);
        foreach (var word in ImpureWords.Where(word => CSharpText.Mentions(code, word)))
            yield return $"{file.Path}: Pipeline is pure and mentions {word}";
    }

    private static IEnumerable<string> Foreign(SourceFile file, params string[] namespaces) =>
        from name in namespaces
        where Regex.IsMatch(CSharpText.Code(file.Text), $@"(?<![\w.]){Regex.Escape(name)}[.;]")
        select $"{file.Path}: {file.Project} uses {name}";
}
