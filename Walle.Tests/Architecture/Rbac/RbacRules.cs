using YamlDotNet.RepresentationModel;

namespace Walle.Tests.Architecture.Rbac;

/// <summary>Reads the Roles and ClusterRoles out of manifests, other documents being skipped.</summary>
internal static class RbacRules
{
    public static IReadOnlyList<RbacRule> Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return [.. stream.Documents.Select(document => document.RootNode).OfType<YamlMappingNode>().SelectMany(OfDocument)];
    }

    private static IEnumerable<RbacRule> OfDocument(YamlMappingNode document)
    {
        var kind = Text(document, "kind");
        if (kind is not ("Role" or "ClusterRole") || !document.Children.TryGetValue("rules", out var rules))
            return [];

        var metadata = (YamlMappingNode)document["metadata"];
        var name = $"{kind} {Text(metadata, "name")}";
        var @namespace = kind == "Role" ? Text(metadata, "namespace") ?? "default" : null;
        return from rule in ((YamlSequenceNode)rules).OfType<YamlMappingNode>()
               from apiGroup in List(rule, "apiGroups")
               from resource in List(rule, "resources")
               from verb in List(rule, "verbs")
               select new RbacRule(name, @namespace, apiGroup, resource, verb);
    }

    private static string? Text(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) ? ((YamlScalarNode)value).Value : null;

    private static IEnumerable<string> List(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? ((YamlSequenceNode)value).Select(item => ((YamlScalarNode)item).Value ?? "") : [];
}
