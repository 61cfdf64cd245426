using System.Globalization;
using Walle.Tests.Cluster;
using Walle.Tests.EndToEnd;
using Walle.Tests.Worker.Restic;

namespace Walle.Tests.Worker.Sftp;

/// <summary>OpenSSH's server in a container, over a folder of the sandbox, with a host key and one user's key made for it.</summary>
internal sealed class SshServer : IAsyncDisposable
{
    public const string User = "backup";
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);
    private readonly string _folder;
    private readonly string _image;
    private string? _container;

    private SshServer(string folder, string image, int port)
    {
        _folder = folder;
        _image = image;
        Port = port;
    }

    public int Port { get; }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"sftp://{User}@127.0.0.1:{Port}//srv/repository");

    /// <summary>A line of known_hosts.</summary>
    public string KnownHosts => $"[127.0.0.1]:{Port} {File.ReadAllText($"{_folder}/host.pub")}";

    public string PrivateKey => File.ReadAllText($"{_folder}/user");

    /// <summary>Where the repository's folders are on this machine.</summary>
    public string Served => $"{_folder}/served";

    /// <summary>sshd_config for keys at /ssh: SFTP and nothing else, for one user and by his key.</summary>
    public static string Configuration(int port) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        Port {port}
        HostKey /ssh/host
        AuthorizedKeysFile /ssh/user.pub
        StrictModes no
        UsePAM no
        PasswordAuthentication no
        AllowUsers {User}
        Subsystem sftp internal-sftp
        ForceCommand internal-sftp

        """);

    public static async Task<SshServer> StartAsync(WorkerSandbox sandbox, string image)
    {
        var server = new SshServer($"{sandbox.Root}/ssh", image, LocalPort.Free());
        Shell.Run(
            $"""
            mkdir -p '{server._folder}' '{server.Served}'; cd '{server._folder}'; chmod 0777 served
            ssh-keygen -q -t ed25519 -N '' -f host; ssh-keygen -q -t ed25519 -N '' -f user
            """);
        await File.WriteAllTextAsync($"{server._folder}/sshd_config", $"ListenAddress 127.0.0.1\n{Configuration(server.Port)}");
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        _container = (await HostCommand.RunAsync("docker", ["run", "--detach", "--network", "host", "--volume", $"{_folder}:/ssh:ro", "--volume", $"{Served}:/srv", _image])).Trim();
        await Patience.UntilAsync(() => LocalPort.AnswersAsync(Port), StartsWithin, () => "sshd does not answer");
    }

    /// <summary>All its connections end with it.</summary>
    public async Task StopAsync()
    {
        if (_container is { } container)
            await HostCommand.RunAsync("docker", ["rm", "--force", "--volumes", container]);
        _container = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
