using System.Text.Json.Nodes;
using Walle.Crds.Schema;

namespace Walle.Tests.Crds;

/// <summary>One broken object for every limit of every field of the samples' specs: what the attributes say, turned into wrong values.</summary>
internal static class BrokenObjects
{
    public static IEnumerable<BrokenObject> All() =>
        Samples.All.SelectMany(sample => new Breaker(sample.Kind, sample.Object).BreakFields(SpecOf(sample.Kind), "spec")).DistinctBy(broken => broken.ToString());

    private static TypeRules SpecOf(Type kind) => TypeRules.Of(TypeRules.Of(kind).Field("spec").Type);

    private sealed class Breaker(Type kind, JsonObject sample)
    {
        public IEnumerable<BrokenObject> BreakFields(TypeRules rules, string parent)
        {
            foreach (var field in rules.Fields)
            {
                var path = $"{parent}.{field.Name}";
                if (sample.At(path) is null)
                    continue;
                if (field.Required)
                    yield return new(kind, path, "required", sample.Without(path));
                foreach (var broken in BreakField(field, path))
                    yield return broken;
            }
        }

        private IEnumerable<BrokenObject> BreakField(FieldRules field, string path) => field.Shape switch
        {
            FieldShape.String => BreakString(value => sample.With(path, value), path, field.Allowed, field.MinLength, field.MaxLength, field.Pattern, field.Quantity),
            FieldShape.Int32 or FieldShape.Int64 => BreakNumber(path, field.Minimum, field.Maximum).Append(Type(path, "many")),
            FieldShape.Boolean => [Type(path, "yes")],
            FieldShape.Time => [Type(path, "yesterday"), Type(path, 5)],
            FieldShape.List => BreakList(field, path),
            FieldShape.Map => BreakMap(field, path),
            FieldShape.Object => BreakFields(TypeRules.Of(field.Type), path).Append(Type(path, "text")),
            _ => [Broken(path, "type", "text")],
        };

        private IEnumerable<BrokenObject> BreakString(
            Func<JsonNode, JsonObject> put, string name, IReadOnlyList<string>? allowed, int? minLength, int? maxLength, string? pattern, bool quantity)
        {
            if (allowed is not null)
                yield return new(kind, name, "enum", put("nonsense"));
            if (minLength > 0)
                yield return new(kind, name, "minLength", put(new string('1', minLength.Value - 1)));
            if (maxLength is { } max)
                yield return new(kind, name, "maxLength", put(new string('1', max + 1)));
            if (pattern is not null)
                yield return new(kind, name, "pattern", put("\u0007!"));
            if (quantity)
                yield return new(kind, name, "minimum", put(-1));
            else
                yield return new(kind, name, "type", put(5), Decodes: false);
        }

        private IEnumerable<BrokenObject> BreakNumber(string path, long? minimum, long? maximum)
        {
            if (minimum is not null)
                yield return Broken(path, "minimum", minimum.Value - 1);
            if (maximum < int.MaxValue)
                yield return Broken(path, "maximum", maximum.Value + 1);
        }

        private IEnumerable<BrokenObject> BreakList(FieldRules field, string path)
        {
            var list = sample.At(path)!.AsArray();
            if (list.Count == 0)
                yield break;
            if (field.MinLength > 0)
                yield return Broken(path, "minItems", new JsonArray());
            yield return Broken(path, "maxItems", new JsonArray([.. Enumerable.Repeat(0, field.MaxLength!.Value + 1).Select(_ => list[0]!.DeepClone())]));
            var item = $"{path}[0]";
            var broken = FieldShapes.Of(FieldShapes.ItemOf(field.Type)) switch
            {
                FieldShape.Object => BreakFields(TypeRules.Of(FieldShapes.ItemOf(field.Type)), item),
                FieldShape.Int64 => BreakNumber(item, field.ItemRange!.Minimum, field.ItemRange.Maximum),
                FieldShape.String => BreakString(value => sample.With(item, value), item, null, field.ItemLimits!.MinLength, field.ItemLimits.MaxLength, field.ItemLimits.Pattern, quantity: false),
                _ => [Broken(item, "type", "text")],
            };
            foreach (var one in broken)
                yield return one;
        }

        private IEnumerable<BrokenObject> BreakMap(FieldRules field, string path)
        {
            var (key, value) = sample.At(path)!.AsObject().First();
            yield return Broken(path, "maxProperties", new JsonObject(Enumerable.Range(0, field.MaxLength!.Value + 1).Select(i => KeyValuePair.Create($"k{i}", value?.DeepClone()))));
            // Server and validator write a key in their own ways, so the name is that of the map.
            var limits = field.ItemLimits!;
            JsonObject Put(JsonNode wrong) => sample.With(path, new JsonObject { [key] = wrong });
            foreach (var broken in BreakString(Put, path, null, limits.MinLength, limits.MaxLength, limits.Pattern, field.Quantity))
                yield return broken;
        }

        private BrokenObject Type(string path, JsonNode value) => Broken(path, $"type {value}", value) with { Decodes = false };

        private BrokenObject Broken(string path, string rule, JsonNode value) => new(kind, path, rule, sample.With(path, value));
    }
}
