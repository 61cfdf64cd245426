using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Nodes;
using Walle.Crds.V1;

namespace Walle.Crds.Schema;

/// <summary>The CustomResourceDefinitions of Walle's kinds (apiextensions.k8s.io/v1), as JSON.</summary>
internal static class CustomResourceDefinitions
{
    /// <summary>The kinds, in the order in which a user meets them.</summary>
    public static readonly IReadOnlyList<Type> Kinds = [typeof(BackupSchedule), typeof(BackupJob), typeof(RestoreJob)];

    /// <summary>Plural of the kind, which is also the name of its file.</summary>
    public static string Plural(Type kind) => ResourceKind(kind).Plural;

    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="withCel">
    /// CEL rules too. Not everywhere: kubectl refuses a CRD with a field that the server does not know, and before Kubernetes 1.23 it does not know them.
    /// </param>
    public static JsonObject Build(Type kind, bool withCel)
    {
        var definition = Build(kind);
        if (!withCel)
            RemoveCel(definition);
        return definition;
    }

    private static void RemoveCel(JsonNode? node)
    {
        if (node is JsonObject map)
        {
            map.Remove(CrossFieldRules.CelKey);
            foreach (var (_, value) in map)
                RemoveCel(value);
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list)
                RemoveCel(item);
        }
    }

    private static JsonObject Build(Type kind)
    {
        var names = ResourceKind(kind);
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{names.Plural}.{ApiGroup.Name}",
                ["labels"] = new JsonObject { ["app.kubernetes.io/part-of"] = WellKnown.ManagedByValue },
            },
            ["spec"] = new JsonObject
            {
                ["group"] = ApiGroup.Name,
                ["scope"] = "Namespaced",
                ["names"] = new JsonObject
                {
                    ["kind"] = names.Kind,
                    ["listKind"] = names.Kind + "List",
                    ["plural"] = names.Plural,
                    ["singular"] = names.Kind.ToLowerInvariant(),
                    ["shortNames"] = new JsonArray(names.ShortName),
                    ["categories"] = new JsonArray("all", WellKnown.ManagedByValue),
                },
                ["versions"] = new JsonArray(Version(kind, names)),
            },
        };
    }

    private static JsonObject Version(Type kind, ResourceKindAttribute names) => new()
    {
        ["name"] = ApiGroup.Version,
        ["served"] = true,
        ["storage"] = true,
        ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
        ["additionalPrinterColumns"] = new JsonArray([.. kind.GetCustomAttributes<PrinterColumnAttribute>().Select(Column)]),
        ["schema"] = new JsonObject { ["openAPIV3Schema"] = Root(kind, names) },
    };

    private static JsonObject Root(Type kind, ResourceKindAttribute names)
    {
        var schema = SchemaBuilder.Build(kind);
        schema.Insert(0, "description", kind.GetCustomAttribute<DescriptionAttribute>()?.Description);
        // The server knows the metadata of every object, and refuses a CRD that says more about it (even a description) than how long a name is.
        var metadata = new JsonObject { ["type"] = "object" };
        if (names.MaxNameLength < 253)
            metadata["properties"] = new JsonObject { ["name"] = new JsonObject { ["type"] = "string", ["maxLength"] = names.MaxNameLength } };
        schema["properties"]!["metadata"] = metadata;
        return schema;
    }

    private static JsonNode Column(PrinterColumnAttribute column)
    {
        var json = new JsonObject { ["name"] = column.Name, ["type"] = column.Type, ["jsonPath"] = column.JsonPath };
        if (column.Priority != 0)
            json["priority"] = column.Priority;
        return json;
    }

    private static ResourceKindAttribute ResourceKind(Type kind) =>
        kind.GetCustomAttribute<ResourceKindAttribute>() ?? throw new InvalidOperationException($"{kind.Name} has no [ResourceKind]");
}
