using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Crds.Schema;

namespace Walle.Tests.Crds;

/// <summary>What holds for every field of every kind.</summary>
[TestFixture]
public sealed class ApiConventionTests
{
    private static readonly List<(string Path, JsonObject Schema)> Fields = [.. CustomResourceDefinitions.Kinds.SelectMany(kind => FieldsOf(kind.Name, SchemaBuilder.Build(kind)))
        .Where(field => !field.Path.Contains(".metadata.", StringComparison.Ordinal))];

    private static readonly List<TypeRules> Types = [.. CustomResourceDefinitions.Kinds.SelectMany(TypesOf).Distinct().Select(TypeRules.Of)];

    [Test]
    public void Every_field_has_a_description_that_is_a_sentence() => Assert.That(
        Fields.Where(field => !Regex.IsMatch(field.Schema["description"]?.GetValue<string>() ?? "", @"^\S.*\S[.!]$")).Select(field => field.Path), Is.Empty);

    [Test]
    public void Every_string_list_and_map_has_a_limit() =>
        Assert.That(Fields.SelectMany(field => Unlimited(field.Path, field.Schema)).Where(path => !IsOfKubernetes(path)), Is.Empty);

    [Test]
    public void Every_pattern_is_anchored_and_has_words_for_people() => Assert.That(
        Fields.SelectMany(field => new[] { field.Schema, field.Schema["items"], field.Schema["additionalProperties"] })
            .Select(schema => schema?["pattern"]?.GetValue<string>()).OfType<string>().Distinct()
            .Where(pattern => !pattern.StartsWith('^') || !pattern.EndsWith('$') || !PatternMeaning.Known.Contains(pattern)),
        Is.Empty);

    [Test]
    public void Every_CEL_rule_has_a_twin_unless_it_is_about_changes() => Assert.That(
        Types.SelectMany(type => type.CelRules.Concat(type.Fields.SelectMany(field => field.CelRules)))
            .Where(rule => rule.Twin is null != rule.Rule.Contains("oldSelf", StringComparison.Ordinal)).Select(rule => rule.Rule),
        Is.Empty);

    [Test]
    public void Reserved_word_of_CEL_is_escaped_in_a_rule()
    {
        // With "self.namespace" the server refuses the whole CRD.
        var rules = CustomResourceDefinitions.Kinds.Select(kind => CustomResourceDefinitions.Build(kind, withCel: true).ToJsonString());
        Assert.That(rules, Has.None.Contains("self.namespace").And.Some.Contains("has(self.__namespace__)"));
    }

    [Test]
    public void Every_default_is_an_allowed_value() => Assert.That(
        Types.SelectMany(type => type.Fields).Where(field => field is { Default: string text, Allowed: { } allowed } && !allowed.Contains(text)).Select(field => field.Name), Is.Empty);

    [Test]
    public void Every_value_of_a_list_of_constants_is_allowed_and_no_other()
    {
        // A class of constants and the [AllowedValues] of the property with its name are written in two places.
        foreach (var type in CustomResourceDefinitions.Kinds.SelectMany(TypesOf).Distinct())
            foreach (var field in TypeRules.Of(type).Fields.Where(field => field.Allowed is not null))
            {
                // Its own class, if it has one; else that of all fields with its name.
                var names = new[] { type.Name + field.Name, field.Name, "repository" + field.Name, "source" + field.Name, field.Name + "mode", "label" + field.Name };
                var constants = names.Select(name => type.Assembly.GetTypes().SingleOrDefault(candidate => candidate is { IsAbstract: true, IsSealed: true } && candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                    .First(found => found is not null)!;
                var values = constants.GetFields().Select(constant => constant.GetRawConstantValue());
                Assert.That(field.Allowed, Is.EquivalentTo(values), $"{type.Name}.{field.Name}");
            }
    }

    [Test]
    public void Every_reason_has_a_description() => Assert.That(
        Enum.GetNames<Reason>().Where(name => typeof(Reason).GetField(name)!.GetCustomAttribute<System.ComponentModel.DescriptionAttribute>()?.Description is not { Length: > 20 } text || !text.EndsWith('.')),
        Is.Empty);

    [Test]
    public void Samples_set_every_field_of_every_spec()
    {
        var set = Samples.All.SelectMany(sample => Leaves(sample.Kind.Name, sample.Object)).ToHashSet();
        Assert.That(Fields.Select(field => field.Path).Where(path => path.Contains(".spec", StringComparison.Ordinal) && !set.Contains(path)), Is.Empty);
    }

    [Test]
    public void There_are_as_many_fields_as_in_the_design() => Assert.That(Fields, Has.Count.GreaterThan(200));

    private static IEnumerable<(string Path, JsonObject Schema)> FieldsOf(string path, JsonObject schema)
    {
        var properties = schema["properties"]?.AsObject().Select(field => ($"{path}.{field.Key}", field.Value!.AsObject())) ?? [];
        foreach (var (name, field) in properties)
        {
            yield return (name, field);
            foreach (var inner in FieldsOf(name, field).Concat(field["items"] is JsonObject items ? FieldsOf(name, items) : []))
                yield return inner;
        }
    }

    private static IEnumerable<string> Unlimited(string path, JsonObject schema)
    {
        var limit = (schema["x-kubernetes-int-or-string"] is not null ? "string" : schema["type"]!.GetValue<string>(), schema["additionalProperties"]) switch
        {
            ("string", _) when schema["enum"] is null && schema["format"] is null => "maxLength",
            ("array", _) => "maxItems",
            ("object", not null) => "maxProperties",
            _ => null,
        };
        if (limit is not null && schema[limit] is null)
            yield return path;
        foreach (var inner in new[] { schema["items"], schema["additionalProperties"] }.OfType<JsonObject>().Where(inner => inner["properties"] is null))
            foreach (var unlimited in Unlimited(path + "[]", inner))
                yield return unlimited;
    }

    // The server itself limits these.
    private static bool IsOfKubernetes(string path) => path.EndsWith(".apiVersion", StringComparison.Ordinal) || Regex.IsMatch(path, @"^\w+\.kind$");

    private static IEnumerable<Type> TypesOf(Type type) =>
        TypeRules.Of(type).Fields.Where(field => field.Name != "metadata").SelectMany(field => field.Shape switch
        {
            FieldShape.Object => TypesOf(field.Type),
            FieldShape.List when FieldShapes.Of(FieldShapes.ItemOf(field.Type)) is FieldShape.Object => TypesOf(FieldShapes.ItemOf(field.Type)),
            _ => [],
        }).Prepend(type);

    private static IEnumerable<string> Leaves(string path, JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(field => Leaves($"{path}.{field.Key}", field.Value)).Prepend(path),
        JsonArray list => list.SelectMany(item => Leaves(path, item)).Prepend(path),
        _ => [path],
    };
}
