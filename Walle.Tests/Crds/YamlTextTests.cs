using System.Text.Json.Nodes;
using NUnit.Framework;
using Walle.Crds.Printing;

namespace Walle.Tests.Crds;

/// <summary>YAML that every reader takes for the JSON that it came from.</summary>
[TestFixture]
public sealed class YamlTextTests
{
    [TestCase("""{"a": "true", "b": true}""", "a: 'true'\nb: true\n")]
    [TestCase("""{"a": "10", "b": 10, "c": "1e3", "d": 0.5}""", "a: '10'\nb: 10\nc: '1e3'\nd: 0.5\n")]
    [TestCase("""{"a": "", "b": null, "c": "null", "d": "~"}""", "a: ''\nb: null\nc: 'null'\nd: '~'\n")]
    [TestCase("""{"a": "x: y", "b": "x # y", "c": "it's", "d": "No"}""", "a: 'x: y'\nb: 'x # y'\nc: it's\nd: 'No'\n")]
    [TestCase("""{"a": {}, "b": [], "c": [1, {"d": "e"}]}""", "a: {}\nb: []\nc:\n- 1\n- d: e\n")]
    [TestCase("""{"a": "line\nline", "b": "\u0007"}""", "a: >-\n  line\n\n  line\nb: \"\\a\"\n")]
    public void Json_becomes_yaml(string json, string yaml) => Assert.That(YamlText.Of(JsonNode.Parse(json)!), Is.EqualTo(yaml));

    [Test]
    public void Long_line_stays_one_line()
    {
        var text = string.Join(' ', Enumerable.Repeat("word", 200));
        Assert.That(YamlText.Of(new JsonObject { ["a"] = text }), Is.EqualTo($"a: {text}\n"));
    }
}
