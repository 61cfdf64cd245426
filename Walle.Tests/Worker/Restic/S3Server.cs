using System.Diagnostics;
using NUnit.Framework;
using Walle.Tests.Cluster;

namespace Walle.Tests.Worker.Restic;

/// <summary>
/// moto's S3 server (Apache-2.0), in memory. Of the S3 servers that the package registries hold, it is the one that reads the chunked, signed uploads of the
/// S3 client in restic 0.18: s3rver 3.7.1 (npm) stores their framing as if it were data.
/// </summary>
internal sealed class S3Server : IDisposable
{
    private const string Program = "moto_server";
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);
    private readonly Process _server;

    private S3Server(Process server, int port)
    {
        _server = server;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Ignores the test where the server is not installed.</summary>
    public static async Task<S3Server> StartAsync()
    {
        var program = (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists);
        if (program is null)
            Assert.Ignore($"{Program} is not on the PATH; install it with: pip install 'moto[server]'");

        var port = LocalPort.Free();
        var start = new ProcessStartInfo(program!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-H", "127.0.0.1", "-p", $"{port}"])
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        var server = new S3Server(process, port);
        await EndToEnd.Patience.UntilAsync(() => LocalPort.AnswersAsync(port), StartsWithin, () => $"{Program} does not answer");
        return server;
    }

    public void Dispose()
    {
        _server.Kill(entireProcessTree: true);
        _server.Dispose();
    }
}
