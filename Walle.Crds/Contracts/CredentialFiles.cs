namespace Walle.Crds.Contracts;

/// <summary>The keys of a repository's Secret that become files under <see cref="WorkerPaths.Credentials"/>.</summary>
public static class CredentialFiles
{
    /// <summary>The private key for a repository over SFTP, as in a Secret of type kubernetes.io/ssh-auth.</summary>
    public const string SshPrivateKey = "ssh-privatekey";

    /// <summary>The public keys of the SFTP server, as <c>ssh-keyscan</c> writes them.</summary>
    public const string KnownHosts = "known_hosts";

    /// <summary>Those that restic reads itself, with the variable by which it finds each.</summary>
    public static readonly IReadOnlyDictionary<string, string> VariableOfKey = new Dictionary<string, string>
    {
        ["ca.crt"] = "RESTIC_CACERT",
        ["client.pem"] = "RESTIC_TLS_CLIENT_CERT",
        ["google-credentials.json"] = "GOOGLE_APPLICATION_CREDENTIALS",
    };

    public static readonly IReadOnlyList<string> Keys = [.. VariableOfKey.Keys, SshPrivateKey, KnownHosts];
}
