using System.Text.Json;

namespace Walle.Crds.Schema;

/// <summary>What a value of the API can be.</summary>
internal enum FieldShape
{
    String,
    Boolean,
    Int32,
    Int64,
    Double,
    Time,

    /// <summary>A record of ours.</summary>
    Object,
    List,

    /// <summary>A map from strings.</summary>
    Map,

    /// <summary>An object of Kubernetes that is passed on as it is.</summary>
    Foreign,
}

/// <summary>From a .NET type to a shape.</summary>
internal static class FieldShapes
{
    private static readonly Dictionary<Type, FieldShape> Simple = new()
    {
        [typeof(string)] = FieldShape.String,
        [typeof(bool)] = FieldShape.Boolean,
        [typeof(int)] = FieldShape.Int32,
        [typeof(long)] = FieldShape.Int64,
        [typeof(double)] = FieldShape.Double,
        [typeof(DateTimeOffset)] = FieldShape.Time,
        [typeof(JsonElement)] = FieldShape.Foreign,
    };

    /// <summary>The shape of a type; a type that the API cannot hold is a mistake of ours and throws.</summary>
    public static FieldShape Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Simple.TryGetValue(type, out var shape))
            return shape;
        if (IsGeneric(type, typeof(List<>)))
            return FieldShape.List;
        if (IsGeneric(type, typeof(Dictionary<,>)) && type.GenericTypeArguments[0] == typeof(string))
            return FieldShape.Map;
        return type is { IsClass: true, IsGenericType: false } && type.Namespace?.StartsWith(nameof(Walle), StringComparison.Ordinal) == true
            ? FieldShape.Object
            : throw new NotSupportedException($"a field of the API cannot be a {type}");
    }

    /// <summary>The type of the items of a list or of the values of a map.</summary>
    public static Type ItemOf(Type type) => type.GenericTypeArguments[^1];

    private static bool IsGeneric(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;
}
