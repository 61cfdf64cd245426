using System.Text.Json.Nodes;
using NUnit.Framework;
using Walle.Controller.Kubernetes;

namespace Walle.Tests.Kubernetes;

/// <summary>RFC 7386: what is computed, applied to the old object, gives the new one.</summary>
internal sealed class MergePatchTests
{
    // From RFC 7386, appendix A, as far as the target is an object without nulls.
    [TestCase("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [TestCase("""{"a":"b"}""", """{"a":"b","b":"c"}""", """{"b":"c"}""")]
    [TestCase("""{"a":"b"}""", "{}", """{"a":null}""")]
    [TestCase("""{"a":"b","b":"c"}""", """{"b":"c"}""", """{"a":null}""")]
    [TestCase("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [TestCase("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [TestCase("""{"a":{"b":"c"}}""", """{"a":{"b":"d"}}""", """{"a":{"b":"d"}}""")]
    [TestCase("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [TestCase("""{"a":{"b":"c","d":"e"}}""", """{"a":{"d":"e"}}""", """{"a":{"b":null}}""")]
    [TestCase("{}", """{"a":{"bb":{}}}""", """{"a":{"bb":{}}}""")]
    public void Only_the_difference(string before, string after, string expected)
    {
        var patch = MergePatch.Between(Parse(before), Parse(after));
        Assert.That(patch!.ToJsonString(), Is.EqualTo(expected));
        Assert.That(Apply(Parse(before), patch).ToJsonString(), Is.EqualTo(Parse(after).ToJsonString()));
    }

    [TestCase("""{"a":{"b":[1,2]},"c":1.0}""", """{"c":1,"a":{"b":[1,2]}}""")]
    [TestCase("{}", "{}")]
    public void Nothing_changed_is_no_patch(string before, string after) => Assert.That(MergePatch.Between(Parse(before), Parse(after)), Is.Null);

    [Test]
    public void Without_an_old_object_the_patch_is_the_new_one() =>
        Assert.That(MergePatch.Between(null, Parse("""{"a":1}"""))!.ToJsonString(), Is.EqualTo("""{"a":1}"""));

    [Test]
    public void The_patch_is_a_copy()
    {
        var after = Parse("""{"a":{"b":1}}""");
        MergePatch.Between(null, after)!["a"]!["b"] = 2;
        Assert.That(after.ToJsonString(), Is.EqualTo("""{"a":{"b":1}}"""));
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    /// <summary>MergePatch of RFC 7386, section 2, word for word.</summary>
    internal static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        var result = target.DeepClone().AsObject();
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                result.Remove(name);
            }
            else
            {
                result[name] = value is JsonObject inner ? Apply(result[name] as JsonObject ?? [], inner) : value.DeepClone();
            }
        }

        return result;
    }
}
