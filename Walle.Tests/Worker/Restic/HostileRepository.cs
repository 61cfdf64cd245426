using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Walle.Tests.Worker.Restic;

/// <summary>
/// Writes trees into a repository that no restic would make, as somebody can who has its password: restic's own format ("Repository" in its design
/// document), with the keys that <c>restic cat masterkey</c> shows. The index is made by restic itself.
/// </summary>
internal sealed class HostileRepository(WorkerSandbox sandbox)
{
    private const byte Data = 0;
    private const byte Tree = 1;
    private const int NonceLength = 16;
    private static readonly BigInteger Prime = (BigInteger.One << 130) - 5;
    private readonly JsonNode _keys = JsonNode.Parse(sandbox.Restic("cat masterkey"))!;
    private readonly List<(byte Type, byte[] Plain, byte[] Sealed)> _blobs = [];

    /// <returns>Its id.</returns>
    public string AddContent(string text) => Add(Data, Encoding.UTF8.GetBytes(text));

    /// <returns>Its id.</returns>
    public string AddTree(params JsonObject[] nodes) => Add(Tree, Encoding.UTF8.GetBytes(new JsonObject { ["nodes"] = new JsonArray([.. nodes]) }.ToJsonString() + "\n"));

    /// <summary>All that was added, and one snapshot of this tree.</summary>
    public void Save(string tree, string path)
    {
        WriteFile("data", Pack());
        sandbox.Restic("repair index -q");
        var snapshot = new JsonObject
        {
            ["time"] = "2026-11-20T03:00:07Z", ["tree"] = tree, ["paths"] = new JsonArray(path), ["hostname"] = "test-cluster", ["username"] = "mallory", ["tags"] = new JsonArray("walle"),
        };
        WriteFile("snapshots", Seal(Encoding.UTF8.GetBytes(snapshot.ToJsonString())));
    }

    /// <param name="mode">As Go's os.FileMode.</param>
    public static JsonObject Node(string name, string type, long mode, Action<JsonObject>? change = null)
    {
        const string Time = "2026-01-01T00:00:00Z";
        var node = new JsonObject { ["name"] = name, ["type"] = type, ["mode"] = mode, ["mtime"] = Time, ["atime"] = Time, ["ctime"] = Time, ["uid"] = 0, ["gid"] = 0 };
        change?.Invoke(node);
        return node;
    }

    private string Add(byte type, byte[] plain)
    {
        _blobs.Add((type, plain, Seal(plain)));
        return Convert.ToHexStringLower(SHA256.HashData(plain));
    }

    private byte[] Pack()
    {
        using var pack = new MemoryStream();
        using var header = new MemoryStream();
        Span<byte> number = stackalloc byte[4];
        foreach (var (type, plain, whole) in _blobs)
        {
            pack.Write(whole);
            BinaryPrimitives.WriteInt32LittleEndian(number, whole.Length);
            header.WriteByte(type);
            header.Write(number);
            header.Write(SHA256.HashData(plain));
        }

        var end = Seal(header.ToArray());
        pack.Write(end);
        BinaryPrimitives.WriteInt32LittleEndian(number, end.Length);
        pack.Write(number);
        _blobs.Clear();
        return pack.ToArray();
    }

    private void WriteFile(string kind, byte[] content)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(content));
        var folder = kind == "data" ? $"{sandbox.Repository}/data/{name[..2]}" : $"{sandbox.Repository}/{kind}";
        Directory.CreateDirectory(folder);
        File.WriteAllBytes($"{folder}/{name}", content);
    }

    /// <summary>nonce, AES-256 in counter mode, Poly1305-AES.</summary>
    private byte[] Seal(byte[] plain)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceLength);
        var sealedText = new byte[plain.Length];
        using (var aes = System.Security.Cryptography.Aes.Create())
        {
            aes.Key = Key("encrypt");
            var counter = (byte[])nonce.Clone();
            for (var at = 0; at < plain.Length; at += NonceLength)
            {
                var stream = aes.EncryptEcb(counter, PaddingMode.None);
                for (var i = at; i < Math.Min(at + NonceLength, plain.Length); i++)
                    sealedText[i] = (byte)(plain[i] ^ stream[i - at]);
                for (var i = NonceLength - 1; i >= 0 && ++counter[i] == 0; i--)
                {
                }
            }
        }

        return [.. nonce, .. sealedText, .. Authenticate(nonce, sealedText)];
    }

    private byte[] Authenticate(byte[] nonce, byte[] text)
    {
        using var aes = System.Security.Cryptography.Aes.Create();
        aes.Key = Key("mac", "k");
        var pad = new BigInteger(aes.EncryptEcb(nonce, PaddingMode.None), isUnsigned: true);
        var clamped = Key("mac", "r");
        foreach (var i in (int[])[3, 7, 11, 15])
            clamped[i] &= 15;
        foreach (var i in (int[])[4, 8, 12])
            clamped[i] &= 252;
        var factor = new BigInteger(clamped, isUnsigned: true);
        var sum = BigInteger.Zero;
        for (var at = 0; at < text.Length; at += 16)
            sum = (sum + new BigInteger([.. text.AsSpan(at, Math.Min(16, text.Length - at)), 1], isUnsigned: true)) * factor % Prime;
        var tag = ((sum + pad) % (BigInteger.One << 128)).ToByteArray(isUnsigned: true);
        Array.Resize(ref tag, 16);
        return tag;
    }

    private byte[] Key(params string[] path) => Convert.FromBase64String(path.Aggregate(_keys, (node, name) => node[name]!).GetValue<string>());
}
