using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Walle.Controller.Projections;
using Walle.Controller.Projections.Decoding;

namespace Walle.Controller.Informers;

/// <summary>Reads a list piece by piece: each call takes as many whole items as the bytes hold.</summary>
/// <remarks>
/// AggressiveOptimization here and in the decoders: a list is read once, within seconds of the start, and the loops would be over before tiered
/// compilation got to optimise them (measured: 3 ms instead of 6 to 18 ms a page of 500 claims).
/// </remarks>
internal sealed class ListParser<T>(IProjectionDecoder<T> decoder, DecodeContext context, Action<string, Exception?> onSkipped, Action<T, string> onDefect)
    where T : class, IProjection
{
    private readonly List<T> _items = [];
    private JsonReaderState _readerState;
    private Position _position = Position.Start;
    private string? _resourceVersion;
    private string? _continueToken;

    private enum Position
    {
        Start,
        List,
        Items,
        End,
    }

    /// <summary>How many bytes were used; the rest must come again, with more after it.</summary>
    /// <param name="isLast">No bytes follow these.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Parse(ReadOnlySpan<byte> bytes, bool isLast)
    {
        var reader = new Utf8JsonReader(bytes, isLast, _readerState);
        var used = 0;
        while (_position != Position.End && Step(ref reader, bytes))
        {
            used = (int)reader.BytesConsumed;
            _readerState = reader.CurrentState;
        }
        return used;
    }

    public ListPage<T> ToPage()
    {
        if (_position != Position.End || _resourceVersion is null)
            throw new ListWatchException(ListWatchFailure.Transient, "the list ended in the middle");
        return new ListPage<T>(_items, _resourceVersion, string.IsNullOrEmpty(_continueToken) ? null : _continueToken);
    }

    /// <summary>One token of the list, or one whole item or property. False when the bytes do not hold it whole; nothing has happened then.</summary>
    private bool Step(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes) => _position switch
    {
        Position.Start => StepStart(ref reader),
        Position.List => StepList(ref reader),
        _ => StepItem(ref reader, bytes),
    };

    private bool StepStart(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
            return false;
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new ListWatchException(ListWatchFailure.Undecodable, "the list is no JSON object");
        _position = Position.List;
        return true;
    }

    private bool StepList(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
            return false;
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            _position = Position.End;
            return true;
        }
        if (reader.ValueTextEquals("metadata"u8))
            return ReadMetadata(ref reader);
        if (!reader.ValueTextEquals("items"u8))
            return reader.TrySkip();
        if (!reader.Read())
            return false;
        if (reader.TokenType == JsonTokenType.StartArray)
            _position = Position.Items;
        return reader.TokenType == JsonTokenType.StartArray || reader.TrySkip();
    }

    private bool ReadMetadata(ref Utf8JsonReader reader)
    {
        var probe = reader;
        if (!probe.TrySkip())
            return false;
        if (!reader.EnterObject())
            return true;
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("resourceVersion"u8))
                _resourceVersion = reader.ReadText();
            else if (reader.ValueTextEquals("continue"u8))
                _continueToken = reader.ReadText();
            else
                reader.SkipValue();
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool StepItem(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
    {
        if (!reader.Read())
            return false;
        if (reader.TokenType == JsonTokenType.EndArray)
        {
            _position = Position.List;
            return true;
        }
        var start = reader;
        T? item = null;
        Exception? failure = null;
        context.Defect = null;
        try
        {
            if (reader.TokenType == JsonTokenType.StartObject)
                item = decoder.Decode(ref reader, context);
            else
                reader.TrySkip();
        }
        catch (Exception exception) when (exception is not JsonException)
        {
            // A decoder that stumbles over one object must not cost the others.
            failure = exception;
            reader = start;
            reader.TrySkip();
        }
        if (!IsAtEndOf(start, reader))
            return false;
        if (item is null)
            onSkipped(Excerpt(bytes, start), failure);
        else
            Keep(item);
        return true;
    }

    private void Keep(T item)
    {
        _items.Add(item);
        if (context.Defect is { } defect)
            onDefect(item, defect);
    }

    /// <summary>A decoder that ran out of bytes stands somewhere inside the value that it began.</summary>
    private static bool IsAtEndOf(in Utf8JsonReader start, in Utf8JsonReader reader) => start.TokenType switch
    {
        JsonTokenType.StartObject => reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == start.CurrentDepth,
        JsonTokenType.StartArray => reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == start.CurrentDepth,
        _ => true,
    };

    /// <summary>Enough to find the object by, too little to fill a log.</summary>
    private static string Excerpt(ReadOnlySpan<byte> bytes, Utf8JsonReader start)
    {
        const int Length = 160;
        var rest = bytes[(int)start.TokenStartIndex..];
        return Encoding.UTF8.GetString(rest[..Math.Min(rest.Length, Length)]);
    }
}
