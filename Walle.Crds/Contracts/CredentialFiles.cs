namespace Walle.Crds.Contracts;

/// <summary>
/// The keys of a repository's Secret that become files under <see cref="WorkerPaths.Credentials"/>, with the variable by which restic finds each.
/// </summary>
public static class CredentialFiles
{
    public static readonly IReadOnlyDictionary<string, string> VariableOfKey = new Dictionary<string, string>
    {
        ["ca.crt"] = "RESTIC_CACERT",
        ["client.pem"] = "RESTIC_TLS_CLIENT_CERT",
        ["google-credentials.json"] = "GOOGLE_APPLICATION_CREDENTIALS",
    };
}
