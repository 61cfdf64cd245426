using System.Diagnostics;
using Walle.Tests.Cluster;

namespace Walle.Tests.Worker.Restic;

/// <summary>restic's own REST server, over a folder of the sandbox.</summary>
internal sealed class RestServer : IDisposable
{
    private readonly Process _server;

    public RestServer(WorkerSandbox sandbox, params string[] options)
    {
        Port = LocalPort.Free();
        var start = new ProcessStartInfo("/usr/bin/restic-rest-server") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var option in (string[])["--path", $"{sandbox.Root}/served", "--listen", $"127.0.0.1:{Port}", "--no-auth", .. options])
            start.ArgumentList.Add(option);
        _server = Process.Start(start)!;
        _ = _server.StandardError.BaseStream.CopyToAsync(Stream.Null);
        _ = _server.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
    }

    public int Port { get; }

    public string Url => $"rest:http://127.0.0.1:{Port}/";

    public void Dispose()
    {
        _server.Kill();
        _server.Dispose();
    }
}
