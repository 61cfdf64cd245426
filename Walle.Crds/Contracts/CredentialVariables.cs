namespace Walle.Crds.Contracts;

/// <summary>
/// The keys of a repository's Secret that become environment variables of the worker, and that the worker passes on to restic. Everything else in
/// the Secret is left where it is: a key such as RESTIC_PASSWORD_COMMAND or LD_PRELOAD would run code (research/reliability.md, 2.13 and S05).
/// </summary>
public static class CredentialVariables
{
    public const string Repository = "RESTIC_REPOSITORY";
    public const string Password = "RESTIC_PASSWORD";

    /// <summary>
    /// Which other namespaces' backups may be restored with this Secret: names, <c>cluster/namespace</c>, or <c>*</c>, separated by commas. It stands in
    /// the Secret since whoever fills that holds the password, and could read all of them anyway. For the worker only; restic never sees it.
    /// </summary>
    public const string RestoreNamespaces = "WALLE_RESTORE_NAMESPACES";

    /// <summary>Without these two no repository can be opened: kubelet names the missing one before the worker starts.</summary>
    public static readonly IReadOnlyList<string> Required = [Repository, Password];

    /// <summary>Each backend's own credentials, named as in restic's manual ("Preparing a new repository", "Environment Variables").</summary>
    public static readonly IReadOnlyList<string> Optional =
    [
        "RESTIC_REST_USERNAME", "RESTIC_REST_PASSWORD",
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION", "AWS_REGION",
        "AZURE_ACCOUNT_NAME", "AZURE_ACCOUNT_KEY", "AZURE_ACCOUNT_SAS", "AZURE_ENDPOINT_SUFFIX",
        "B2_ACCOUNT_ID", "B2_ACCOUNT_KEY",
        "GOOGLE_PROJECT_ID", "GOOGLE_ACCESS_TOKEN",
        "ST_AUTH", "ST_USER", "ST_KEY",
        "OS_AUTH_URL", "OS_REGION_NAME", "OS_USERNAME", "OS_USER_ID", "OS_PASSWORD", "OS_TENANT_ID", "OS_TENANT_NAME",
        "OS_USER_DOMAIN_NAME", "OS_USER_DOMAIN_ID", "OS_PROJECT_NAME", "OS_PROJECT_DOMAIN_NAME", "OS_PROJECT_DOMAIN_ID", "OS_TRUST_ID",
        "OS_APPLICATION_CREDENTIAL_ID", "OS_APPLICATION_CREDENTIAL_NAME", "OS_APPLICATION_CREDENTIAL_SECRET",
        "OS_STORAGE_URL", "OS_AUTH_TOKEN", "SWIFT_DEFAULT_CONTAINER_POLICY",
    ];
}
