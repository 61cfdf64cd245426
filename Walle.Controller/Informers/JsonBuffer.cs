using System.Buffers;

namespace Walle.Controller.Informers;

/// <summary>
/// The part of a stream that has been read and not yet been used, in one contiguous array from the shared pool: JSON in one piece is read several
/// times faster than in segments. Grows to the largest object, never to the whole answer.
/// </summary>
internal sealed class JsonBuffer(Stream stream) : IDisposable
{
    private const int FirstSize = 64 * 1024;

    /// <summary>etcd takes 1.5 MiB by default, so that an answer with a longer object or line is none of an API server.</summary>
    private const int LargestSize = 32 * 1024 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int _start;
    private int _end;

    public ReadOnlyMemory<byte> Unused => _bytes.AsMemory(_start, _end - _start);

    /// <summary>The stream has no more bytes than those in <see cref="Unused"/>.</summary>
    public bool IsEnded { get; private set; }

    public void Use(int count) => _start += count;

    /// <summary>Reads what is there, at least one byte unless the stream ends.</summary>
    public async ValueTask ReadAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        var read = await stream.ReadAsync(_bytes.AsMemory(_end), cancellationToken);
        _end += read;
        IsEnded = read == 0;
    }

    /// <summary>Reads until there is half as much again as was in vain before, so that one huge object is not tried anew at every packet.</summary>
    public async ValueTask ReadMuchAsync(CancellationToken cancellationToken)
    {
        var wanted = Unused.Length + (Unused.Length / 2);
        do
            await ReadAsync(cancellationToken);
        while (!IsEnded && Unused.Length < wanted);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            Unused.CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }
        if (_end < _bytes.Length)
            return;
        if (_bytes.Length >= LargestSize)
            throw new ListWatchException(ListWatchFailure.Undecodable, $"one object or line of the answer is larger than {LargestSize} bytes");
        var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
        Unused.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
