using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Walle.Tests.Worker.Restic;

namespace Walle.Tests.Worker.Retention;

/// <summary>
/// Writes snapshot files into a real repository as restic writes them (encrypted and authenticated by its master key), so that restic can be asked about
/// thousands of histories: each snapshot made by restic itself would take most of a second.
/// Format: https://restic.readthedocs.io/en/stable/100_references.html#design
/// </summary>
internal sealed class GeneratedRepository : IDisposable
{
    private readonly WorkerSandbox _sandbox;
    private readonly bool _isOwner;
    private readonly byte[] _encryption;
    private readonly byte[] _macKey;
    private readonly BigInteger _r;

    public GeneratedRepository(WorkerSandbox? sandbox = null)
    {
        _isOwner = sandbox is null;
        _sandbox = sandbox ?? new WorkerSandbox().WithRepository();
        using var key = JsonDocument.Parse(_sandbox.Restic("cat masterkey"));
        _encryption = key.RootElement.GetProperty("encrypt").GetBytesFromBase64();
        _macKey = key.RootElement.GetProperty("mac").GetProperty("k").GetBytesFromBase64();
        var r = key.RootElement.GetProperty("mac").GetProperty("r").GetBytesFromBase64();
        foreach (var i in (int[])[3, 7, 11, 15])
            r[i] &= 15;
        foreach (var i in (int[])[4, 8, 12])
            r[i] &= 252;
        _r = new BigInteger(r, isUnsigned: true);
    }

    public string Restic(string arguments) => _sandbox.Restic(arguments);

    /// <param name="kind">The folder in the repository.</param>
    /// <returns>The file's id.</returns>
    public string Add(string json, string kind = "snapshots")
    {
        // Go reads a time as it stands, escapes and all.
        var plain = Encoding.UTF8.GetBytes(json.Replace(@"\u002B", "+", StringComparison.Ordinal));
        var nonce = RandomNumberGenerator.GetBytes(16);
        byte[] file = [.. nonce, .. Encrypt(plain, nonce), .. new byte[16]];
        Authenticate(file.AsSpan(16, plain.Length), nonce).CopyTo(file.AsSpan(16 + plain.Length));
        var id = Convert.ToHexStringLower(SHA256.HashData(file));
        File.WriteAllBytes($"{_sandbox.Repository}/{kind}/{id}", file);
        return id;
    }

    public void Dispose()
    {
        if (_isOwner)
            _sandbox.Dispose();
    }

    /// <summary>AES in counter mode.</summary>
    private byte[] Encrypt(byte[] plain, byte[] nonce)
    {
        using var aes = Aes.Create();
        aes.Key = _encryption;
        var counters = new byte[(plain.Length + 15) / 16 * 16];
        var counter = new BigInteger(nonce, isUnsigned: true, isBigEndian: true);
        for (var i = 0; i < counters.Length; i += 16, counter++)
        {
            var bytes = (counter & ((BigInteger.One << 128) - 1)).ToByteArray(isUnsigned: true, isBigEndian: true);
            bytes.CopyTo(counters, i + 16 - bytes.Length);
        }
        var stream = aes.EncryptEcb(counters, PaddingMode.None);
        return [.. plain.Select((value, i) => (byte)(value ^ stream[i]))];
    }

    /// <summary>Poly1305-AES.</summary>
    private byte[] Authenticate(ReadOnlySpan<byte> message, byte[] nonce)
    {
        using var aes = Aes.Create();
        aes.Key = _macKey;
        var prime = (BigInteger.One << 130) - 5;
        BigInteger sum = 0;
        for (var i = 0; i < message.Length; i += 16)
        {
            var block = message[i..Math.Min(i + 16, message.Length)];
            sum = (sum + new BigInteger(block, isUnsigned: true) + (BigInteger.One << (8 * block.Length))) * _r % prime;
        }
        sum += new BigInteger(aes.EncryptEcb(nonce, PaddingMode.None), isUnsigned: true);
        var mac = (sum & ((BigInteger.One << 128) - 1)).ToByteArray(isUnsigned: true);
        Array.Resize(ref mac, 16);
        return mac;
    }
}
