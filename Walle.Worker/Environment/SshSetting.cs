using System.Globalization;
using System.Text;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;

namespace Walle.Worker.Environment;

/// <summary>
/// What restic's sftp backend runs: ssh with a configuration of ours and nothing else. Only the image walle/worker-sftp has an ssh: who sets the workers'
/// image decides whether repositories may lie there.
/// </summary>
internal static class SshSetting
{
    private const string Alias = "repository";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes key and configuration into the scratch folder.</summary>
    /// <param name="executable">ssh, or null: the image has none.</param>
    /// <param name="credentials">Folder of the Secret's files.</param>
    /// <param name="scratch">Folder that is this container's alone.</param>
    /// <returns>restic's options for it, and the file that ssh will write its errors to.</returns>
    public static (IReadOnlyList<string> Options, string ErrorLog) Prepare(SftpAddress server, string? executable, string credentials, string scratch)
    {
        if (executable is null)
        {
            throw new WorkerException(
                Reason.InvalidCredentials, WorkerExitCode.InvalidInput,
                $"{CredentialVariables.Repository} in the Secret uses sftp, and the workers' image has no ssh: have the administrator set the controller's WALLE_WORKER_IMAGE to walle/worker-sftp, or use another kind of repository");
        }

        var hosts = $"{credentials}/{CredentialFiles.KnownHosts}";
        if (!File.Exists(hosts))
            throw Missing(CredentialFiles.KnownHosts, $"the server's public keys: compare what `ssh-keyscan -p {server.Port} {server.Host}` prints with what its owner tells you");
        var key = $"{credentials}/{CredentialFiles.SshPrivateKey}";
        if (!File.Exists(key))
            throw Missing(CredentialFiles.SshPrivateKey, "the private key to log in with, for example of `ssh-keygen -t ed25519 -N ''`");

        // ssh reads a key only if nobody else can, and without its last line break not at all; the Secret's file is another user's.
        var copy = $"{scratch}/ssh-key";
        Write(copy, PrivateKey(File.ReadAllText(key)));
        var configuration = $"{scratch}/ssh-config";
        Write(configuration, Configuration(server, copy, hosts));
        // To a file: restic may end before it has passed on what ssh said.
        var log = $"{scratch}/ssh-errors";
        return (["-o", $"sftp.command='{executable}' -F '{configuration}' -E '{log}' -s -- {Alias} sftp"], log);
    }

    internal static string PrivateKey(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines is not [var first, .. var body, var last] || !first.StartsWith("-----BEGIN ", StringComparison.Ordinal) || !first.EndsWith("PRIVATE KEY-----", StringComparison.Ordinal) || !last.StartsWith("-----END ", StringComparison.Ordinal))
            throw Invalid(CredentialFiles.SshPrivateKey, "is no private key: it begins with -----BEGIN … PRIVATE KEY----- and ends with -----END … PRIVATE KEY-----");
        if (IsProtected(first, body))
            throw Invalid(CredentialFiles.SshPrivateKey, "is protected by a passphrase, which nobody is there to type: make one without, by `ssh-keygen -p -N '' -f FILE`");
        return string.Join('\n', lines) + '\n';
    }

    /// <summary>OpenSSH's own format names its key derivation at the beginning (PROTOCOL.key), the older ones say ENCRYPTED.</summary>
    private static bool IsProtected(string first, string[] body)
    {
        if (first.Contains("ENCRYPTED", StringComparison.Ordinal) || body.Any(line => line.Contains("ENCRYPTED", StringComparison.Ordinal)))
            return true;
        var start = new byte[64];
        return body is [{ Length: >= 64 } line, ..] && Convert.TryFromBase64String(line[..64], start, out var count)
            && start.AsSpan(0, count).IndexOf("bcrypt"u8) >= 0;
    }

    private static string Configuration(SftpAddress server, string key, string hosts) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        Host {Alias}
          HostName {server.Host}
          Port {server.Port}
          User {server.User}
          IdentityFile "{key}"
          IdentitiesOnly yes
          IdentityAgent none
          PreferredAuthentications publickey
          UserKnownHostsFile "{hosts}"
          GlobalKnownHostsFile none
          StrictHostKeyChecking yes
          UpdateHostKeys no
          BatchMode yes
          LogLevel ERROR
          ConnectTimeout 30
          ServerAliveInterval 15
          ServerAliveCountMax 8

        """);

    private static void Write(string path, string text)
    {
        File.Delete(path);
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        file.Write(Encoding.UTF8.GetBytes(text));
    }

    private static WorkerException Missing(string key, string what) =>
        new(Reason.SecretKeyMissing, WorkerExitCode.InvalidInput, $"the Secret has no key {key}, which a repository over sftp needs: {what}");

    private static WorkerException Invalid(string key, string what) =>
        new(Reason.InvalidCredentials, WorkerExitCode.InvalidInput, $"{key} in the Secret {what}");
}
