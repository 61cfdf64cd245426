using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Walle.Crds.Schema;

namespace Walle.Tests.Crds;

/// <summary>Each attribute and each type, and what becomes of it in the schema.</summary>
[TestFixture]
public sealed class SchemaBuilderTests
{
    private static readonly JsonObject Schema = SchemaBuilder.Build(typeof(SchemaProbes.Probe));

    [TestCase("text", """{"description": "d", "type": "string"}""")]
    [TestCase("flag", """{"description": "d Default: true.", "type": "boolean", "default": true}""")]
    [TestCase("small", """{"description": "d Default: 3.", "type": "integer", "format": "int32", "minimum": 1, "maximum": 9, "default": 3}""")]
    [TestCase("large", """{"description": "d", "type": "integer", "format": "int64"}""")]
    [TestCase("fraction", """{"description": "d", "type": "number", "format": "double"}""")]
    [TestCase("time", """{"description": "d", "type": "string", "format": "date-time"}""")]
    [TestCase("limited", """{"description": "d", "type": "string", "minLength": 1, "maxLength": 5, "pattern": "^a+$"}""")]
    [TestCase("choice", """{"description": "d Default: a.", "type": "string", "enum": ["a", "b"], "default": "a"}""")]
    [TestCase("size", """{"description": "d", "x-kubernetes-int-or-string": true, "anyOf": [{"type": "integer"}, {"type": "string"}], "minimum": 0, "pattern": "^a+$"}""")]
    [TestCase("texts", """{"description": "d", "type": "array", "minItems": 1, "maxItems": 4, "items": {"type": "string", "minLength": 2, "maxLength": 7, "pattern": "^a+$"}}""")]
    [TestCase("numbers", """{"description": "d", "type": "array", "maxItems": 4, "items": {"type": "integer", "format": "int64", "minimum": 0, "maximum": 5}}""")]
    [TestCase("map", """{"description": "d", "type": "object", "maxProperties": 4, "additionalProperties": {"type": "string", "maxLength": 7}}""")]
    [TestCase("sizes", """{"description": "d", "type": "object", "additionalProperties": {"x-kubernetes-int-or-string": true, "anyOf": [{"type": "integer"}, {"type": "string"}], "minimum": 0}}""")]
    [TestCase("foreign", """{"description": "d", "type": "object", "x-kubernetes-preserve-unknown-fields": true}""")]
    [TestCase("foreigners", """{"description": "d", "type": "array", "items": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}""")]
    [TestCase("renamed-1", """{"description": "d", "type": "string"}""")]
    [TestCase("ruled", """{"description": "d", "type": "string", "x-kubernetes-validations": [{"rule": "self != ''", "message": "no"}]}""")]
    public void Property_becomes_schema(string name, string expected) => AssertSame(Schema["properties"]![name], expected);

    [Test]
    public void Keyed_list_becomes_a_map_list() => AssertSame(
        Schema["properties"]!["keyed"],
        """
        {
          "description": "d", "type": "array", "items": {"type": "object", "required": ["key"], "properties": {
            "key": {"description": "k", "type": "string"}, "note": {"description": "n Default: x.", "type": "string", "default": "x"}
          }},
          "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["key"]
        }
        """);

    [Test]
    public void Default_inside_an_object_does_not_make_the_object_appear() => AssertSame(
        Schema["properties"]!["inner"],
        """
        {"description": "d", "type": "object", "required": ["key"], "properties": {
          "key": {"description": "k", "type": "string"}, "note": {"description": "n Default: x.", "type": "string", "default": "x"}
        }}
        """);

    [Test]
    public void Default_inside_an_override_is_left_out() => AssertSame(
        Schema["properties"]!["override"],
        """
        {"description": "d", "type": "object", "required": ["key"], "properties": {
          "key": {"description": "k", "type": "string"}, "note": {"description": "n", "type": "string"}
        }}
        """);

    [Test]
    public void Record_lists_what_is_required() => AssertSame(Schema["required"], """["choice", "text"]""");

    [Test]
    public void Rules_about_several_fields_are_schema_and_CEL()
    {
        AssertSame(Schema["oneOf"], """[{"required": ["text"]}, {"required": ["time"]}]""");
        AssertSame(Schema["allOf"], """[{"not": {"required": ["texts", "large"], "properties": {"texts": {"minItems": 1}}}}, {"required": ["map"]}]""");
        AssertSame(
            Schema["x-kubernetes-validations"],
            """
            [
              {"rule": "self == oldSelf", "message": "fixed"},
              {"rule": "[has(self.text), has(self.time)].filter(set, set).size() == 1", "message": "set exactly one of text and time"},
              {"rule": "!(has(self.texts) && size(self.texts) > 0 && has(self.large))", "message": "texts and large exclude each other; choose"}
            ]
            """);
    }

    [Test]
    public void Ignored_and_internal_properties_are_no_fields() =>
        Assert.That(Schema["properties"]!.AsObject().Select(field => field.Key), Has.None.EqualTo("hidden").And.None.EqualTo("twin"));

    [Test]
    public void Mistakes_of_ours_do_not_pass()
    {
        Assert.Throws<NotSupportedException>(() => SchemaBuilder.Build(typeof(SchemaProbes.WithEnum)));
        Assert.Throws<InvalidOperationException>(() => SchemaBuilder.Build(typeof(SchemaProbes.WithDroppedContent)));
        Assert.Throws<InvalidOperationException>(() => SchemaBuilder.Build(typeof(SchemaProbes.WithOptionalKey)));
        Assert.Throws<InvalidOperationException>(() => SchemaBuilder.Build(typeof(SchemaProbes.WithRuleAboutNothing)));
    }

    private static void AssertSame(JsonNode? actual, string expected) =>
        Assert.That(JsonNode.DeepEquals(actual, JsonNode.Parse(expected)), Is.True, actual?.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) ?? "null");
}
