using System.Text;
using CsCheck;
using NUnit.Framework;
using Walle.Worker.Restic;

namespace Walle.Tests.Worker;

public class BoundedLineReaderTests
{
    [Test]
    public void Lines_come_out_whole_however_the_stream_is_cut() =>
        Gen.Select(Gen.String[Gen.Char['a', 'z'], 0, 30].Array[0, 10], Gen.Int[1, 40], Gen.Bool).Sample((lines, piece, ended) =>
        {
            var text = string.Join('\n', lines) + (ended ? "\n" : "");
            var expected = text.Length == 0 ? [] : (ended ? text[..^1] : text).Split('\n').ToList();
            if (!ended && expected.Count > 0 && expected[^1].Length == 0)
                expected.RemoveAt(expected.Count - 1);
            Assert.That(Read(new PieceStream(Encoding.ASCII.GetBytes(text), piece), 64 * 1024), Is.EqualTo(expected));
        }, iter: 5_000);

    [Test]
    public void A_long_line_is_cut_and_the_next_one_is_whole([Values(1, 7, 100_000)] int piece)
    {
        var text = "a\n" + new string('x', 200_000) + "\nb\n";
        var lines = Read(new PieceStream(Encoding.ASCII.GetBytes(text), piece), 1000);
        Assert.That(lines, Is.EqualTo((string[])["a", new string('x', 1000), "b"]));
    }

    private static List<string> Read(Stream stream, int longest)
    {
        var lines = new List<string>();
        new BoundedLineReader(stream, longest).ReadAsync(line => lines.Add(Encoding.ASCII.GetString(line.Span))).GetAwaiter().GetResult();
        return lines;
    }

    private sealed class PieceStream(byte[] content, int piece) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
