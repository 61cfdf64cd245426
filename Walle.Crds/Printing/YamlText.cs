using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Walle.Crds.Printing;

/// <summary>JSON as YAML in block style: keys in their order, long lines never folded, so the same input always gives the same bytes.</summary>
internal static class YamlText
{
    /// <summary>One document, without the line of dashes.</summary>
    public static string Of(JsonNode document)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var emitter = new Emitter(writer, new EmitterSettings(2, int.MaxValue, false, 1024, skipAnchorName: true, newLine: "\n"));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, document);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return writer.ToString();
    }

    private static void Emit(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                emitter.Emit(new MappingStart(null, null, isImplicit: true, map.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (key, value) in map)
                {
                    Emit(emitter, JsonValue.Create(key));
                    Emit(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray list:
                emitter.Emit(new SequenceStart(null, null, isImplicit: true, list.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in list)
                    Emit(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            default:
                emitter.Emit(Scalar(node));
                break;
        }
    }

    private static Scalar Scalar(JsonNode? node)
    {
        var text = node?.ToString() ?? "null";
        var quoted = node?.GetValueKind() == JsonValueKind.String && !IsSafelyPlain(text);
        return new Scalar(null, null, text, quoted ? ScalarStyle.SingleQuoted : ScalarStyle.Any, isPlainImplicit: true, isQuotedImplicit: true);
    }

    // A string that begins with a letter and is no word of YAML is read back as a string; the emitter itself quotes what its punctuation demands.
    private static bool IsSafelyPlain(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text.ToLowerInvariant() is not ("true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n" or "null");
}
