using System.Text;
using System.Text.Json;
using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;
using Walle.Controller.Projections.Decoding;

namespace Walle.Controller.Informers;

/// <summary>Reads one line of a watch: <c>{"type":"ADDED","object":{...}}</c>.</summary>
internal sealed class WatchLineParser<T>(IProjectionDecoder<T> decoder, DecodeContext context, Action<T, string> onDefect)
    where T : class, IProjection
{
    /// <summary>Null for an event of a type that is not known. A Status in the stream, and whatever cannot be read, is thrown.</summary>
    public WatchEvent<T>? Parse(ReadOnlyMemory<byte> line)
    {
        var reader = new Utf8JsonReader(line.Span);
        var type = default(WatchType);
        var @object = default(Utf8JsonReader);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Undecodable("the line is no JSON object", line);
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("type"u8))
                type = ReadType(ref reader);
            else if (reader.ValueTextEquals("object"u8))
            {
                reader.Read();
                @object = reader;
                // The common order is type, object: then the object is read only once.
                if (type == WatchType.Applied)
                    return ReadObject(ref @object, WatchEventKind.Applied, line);
                reader.TrySkip();
            }
            else
                reader.SkipValue();
        }
        if (@object.TokenType != JsonTokenType.StartObject)
            throw Undecodable("the event has no object", line);
        return type switch
        {
            WatchType.Applied => ReadObject(ref @object, WatchEventKind.Applied, line),
            WatchType.Deleted => ReadObject(ref @object, WatchEventKind.Deleted, line),
            WatchType.Bookmark => ReadBookmark(ref @object, line),
            WatchType.Error => throw ReadStatus(@object, line),
            _ => null,
        };
    }

    private enum WatchType
    {
        Unknown,
        Applied,
        Deleted,
        Bookmark,
        Error,
    }

    private static WatchType ReadType(ref Utf8JsonReader reader)
    {
        if (!reader.EnterString())
            return WatchType.Unknown;
        if (reader.ValueTextEquals("MODIFIED"u8) || reader.ValueTextEquals("ADDED"u8))
            return WatchType.Applied;
        if (reader.ValueTextEquals("DELETED"u8))
            return WatchType.Deleted;
        if (reader.ValueTextEquals("BOOKMARK"u8))
            return WatchType.Bookmark;
        return reader.ValueTextEquals("ERROR"u8) ? WatchType.Error : WatchType.Unknown;
    }

    private WatchEvent<T> ReadObject(ref Utf8JsonReader reader, WatchEventKind kind, ReadOnlyMemory<byte> line)
    {
        context.Defect = null;
        context.ResourceVersion = null;
        T? @object;
        try
        {
            @object = decoder.Decode(ref reader, context);
        }
        catch (Exception exception) when (exception is not JsonException)
        {
            throw new ListWatchException(ListWatchFailure.Undecodable, exception.Message, exception);
        }
        if (@object is null || string.IsNullOrEmpty(context.ResourceVersion))
            throw Undecodable("the object has no name, UID or resource version", line);
        if (context.Defect is { } defect)
            onDefect(@object, defect);
        return new WatchEvent<T>(kind, @object, context.ResourceVersion);
    }

    /// <summary>A bookmark's object holds little more than its resource version, so no decoder of a kind is asked.</summary>
    private WatchEvent<T> ReadBookmark(ref Utf8JsonReader reader, ReadOnlyMemory<byte> line)
    {
        context.ResourceVersion = null;
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("metadata"u8))
                ObjectMetadata.Read(ref reader, context);
            else
                reader.SkipValue();
        }
        return string.IsNullOrEmpty(context.ResourceVersion)
            ? throw Undecodable("the bookmark has no resource version", line)
            : new WatchEvent<T>(WatchEventKind.Bookmark, null, context.ResourceVersion);
    }

    private static ListWatchException ReadStatus(Utf8JsonReader reader, ReadOnlyMemory<byte> line)
    {
        var start = (int)reader.TokenStartIndex;
        reader.TrySkip();
        var status = ApiStatus.Parse(line[start..(int)reader.BytesConsumed]);
        return FailureClassifier.FromStatus(status.Code, status, null);
    }

    private static ListWatchException Undecodable(string reason, ReadOnlyMemory<byte> line)
    {
        const int Excerpt = 160;
        return new ListWatchException(ListWatchFailure.Undecodable, $"{reason}: {Encoding.UTF8.GetString(line.Span[..Math.Min(line.Length, Excerpt)])}");
    }
}
