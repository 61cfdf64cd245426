using System.Text.Json;

namespace Walle.Controller.Projections.Decoding;

/// <summary>
/// Reads one Kubernetes object in a single pass, keeps the fields of T and skips the rest. Tolerant: a field of an unexpected type counts as unset,
/// so that one odd object never fails a list.
/// </summary>
/// <remarks>
/// The reader stands on the object's first token, over one contiguous block of bytes that may end anywhere. When it ends too early the decoder
/// returns whatever it likes and leaves the reader anywhere but on the object's last token: the caller throws the result away and calls again with
/// more bytes. That spares a first pass that would only look for the end of the object.
/// </remarks>
internal interface IProjectionDecoder<T>
    where T : class, IProjection
{
    /// <summary>Null when the object has no name or no UID. The object's resourceVersion, as written, is left in the context.</summary>
    T? Decode(ref Utf8JsonReader reader, DecodeContext context);
}
