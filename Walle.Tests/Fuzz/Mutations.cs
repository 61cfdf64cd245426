using System.Text;

namespace Walle.Tests.Fuzz;

/// <summary>Inputs that are nearly right: copies of good ones with bytes changed, lost, doubled and swapped, cut off, joined, or wholly by lot. A seed gives the same ones again.</summary>
internal static class Mutations
{
    private const int Longest = 64 * 1024;

    private static readonly byte[][] Tokens = [.. new[] { "null", "true", "-1", "1e999", "99999999999999999999", "\"", "{", "}", "[", "]", ",", ":", "\\u0000", "\\ud800", "\0", "\n", "\uFEFF", "{\"a\":", "--", "%", "é" }.Select(Encoding.UTF8.GetBytes)];

    public static IEnumerable<byte[]> Of(int seed, int count, params IReadOnlyList<string> samples)
    {
        var random = new Random(seed);
        var originals = samples.Select(Encoding.UTF8.GetBytes).ToList();
        for (var number = 0; number < count; number++)
        {
            List<byte> bytes = [.. originals[random.Next(originals.Count)]];
            for (var change = random.Next(1, 5); change > 0; change--)
                Change(bytes, random, originals);
            yield return bytes.Count <= Longest ? [.. bytes] : [.. bytes.Take(Longest)];
        }
    }

    private static void Change(List<byte> bytes, Random random, List<byte[]> originals)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(random.Next(1, 40), bytes.Count - at);
        switch (random.Next(7))
        {
            case 0 when bytes.Count > 0:
                bytes[random.Next(bytes.Count)] = (byte)random.Next(256);
                break;
            case 1:
                bytes.RemoveRange(at, length);
                break;
            case 2:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 3:
                bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                bytes.AddRange(originals[random.Next(originals.Count)]);
                break;
            default:
                for (var i = at; i < at + length; i++)
                    bytes[i] = (byte)random.Next(256);
                break;
        }
    }
}
