using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Walle.Crds;

namespace Walle.Controller.Projections.Decoding;

/// <summary>
/// An object of one of Walle's own kinds, kept whole. A part of a wrong type (it got past an old schema) is left out and named in DecodeError, so that the
/// object can be told what is wrong with it and no other object suffers.
/// </summary>
/// <param name="fromParts">Makes the object of those of its parts that could be read.</param>
internal abstract class CustomResourceDecoder<TProjection, TResource, TSpec, TStatus>(
    JsonTypeInfo<TResource> type, JsonTypeInfo<TSpec> specType, JsonTypeInfo<TStatus> statusType, Func<ResourceParts<TSpec, TStatus>, TResource> fromParts, Func<TResource, TProjection> project)
    : IProjectionDecoder<TProjection>
    where TProjection : class, IProjection
    where TResource : CustomResource
    where TSpec : class
    where TStatus : class
{
    public TProjection? Decode(ref Utf8JsonReader reader, DecodeContext context)
    {
        var start = reader;
        if (!reader.TrySkip())
            return null;
        var resource = DecodeWhole(start);
        if (string.IsNullOrEmpty(resource.Metadata.Name) || string.IsNullOrEmpty(resource.Metadata.Uid))
            return null;
        context.ResourceVersion = resource.Metadata.ResourceVersion;
        context.Defect = resource.DecodeError;
        return project(resource);
    }

    private TResource DecodeWhole(Utf8JsonReader reader)
    {
        try
        {
            var attempt = reader;
            if (JsonSerializer.Deserialize(ref attempt, type) is { } whole)
                return whole;
        }
        catch (JsonException)
        {
            // Told below, by the part that it belongs to.
        }

        return fromParts(ResourceParts<TSpec, TStatus>.Read(ref reader, specType, statusType));
    }
}
