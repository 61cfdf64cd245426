using System.Net;
using System.Net.Sockets;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;

namespace Walle.Worker.Environment;

/// <summary>
/// Where the repository lies, from RESTIC_REPOSITORY. rclone is not let through: it runs a program, and the location can smuggle options into it
/// (research/reliability.md, S06). sftp runs ssh; it gets there what <see cref="SftpAddress"/> has read, and never the location.
/// </summary>
/// <param name="Scheme">As restic spells it; <c>local</c> for a path.</param>
/// <param name="Server">Where to connect to, or null if that is not known beforehand.</param>
/// <param name="UserInfo">user:password of the URL, or null.</param>
internal sealed record RepositoryLocation(string Scheme, DnsEndPoint? Server, string? UserInfo)
{
    private const int HttpsPort = 443;
    private const string Usual = "s3, rest, azure, gs, b2 or swift";

    /// <summary>Of scheme <c>sftp</c> only.</summary>
    public SftpAddress? Sftp { get; init; }

    /// <param name="location">The value of RESTIC_REPOSITORY.</param>
    /// <param name="root">The folder that a volume is mounted at for local repositories; null: there is none.</param>
    /// <param name="variable">Another variable of the worker's environment: some backends are told their server there.</param>
    public static RepositoryLocation Parse(string location, string? root, Func<string, string?> variable)
    {
        if (location.Length is 0 or > 2048)
            throw Invalid("is empty or longer than 2048 characters");
        if (location.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
            throw Invalid("holds a space, a line break or a control character; a Secret made with `echo` ends in one, use `printf %s` or `echo -n`");
        if (location[0] == '-')
            throw Invalid("begins with a dash");

        var colon = location.IndexOf(':', StringComparison.Ordinal);
        var scheme = colon < 0 ? "" : location[..colon];
        var rest = location[(colon + 1)..];
        var found = scheme switch
        {
            _ when location[0] == '/' => LocalPath(location, root),
            "local" => LocalPath(rest, root),
            "rest" => Url(scheme, rest),
            "s3" => S3(rest),
            "azure" => new RepositoryLocation(scheme, Azure(variable), null),
            "gs" => new RepositoryLocation(scheme, new DnsEndPoint("storage.googleapis.com", HttpsPort), null),
            "b2" => new RepositoryLocation(scheme, new DnsEndPoint("api.backblazeb2.com", HttpsPort), null),
            "swift" => new RepositoryLocation(scheme, Swift(variable), null),
            "sftp" => AtSsh(rest),
            "rclone" => throw Invalid($"uses rclone, which is not allowed; use {Usual}"),
            _ => throw Invalid("is of no known kind; it begins with s3:, rest:, azure:, gs:, b2:, swift: or sftp:"),
        };
        RefuseLinkLocal(found.Server);
        return found;
    }

    private static RepositoryLocation LocalPath(string path, string? root)
    {
        if (root is null)
            throw Invalid("is a local path, and spec.repository.volume names no volume for it; name one, or use " + Usual);
        if (!path.StartsWith('/'))
            throw Invalid("is not an absolute path");
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return full == root || full.StartsWith(root + "/", StringComparison.Ordinal)
            ? new RepositoryLocation("local", null, null)
            : throw Invalid($"is not on the volume of the repository, which is mounted at {root}; use {root} or a folder below");
    }

    private static RepositoryLocation Url(string scheme, string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
            throw Invalid($"holds no http or https URL after {scheme}:");
        return new RepositoryLocation(scheme, new DnsEndPoint(uri.IdnHost.Trim('[', ']'), uri.Port), uri.UserInfo.Length > 0 ? uri.UserInfo : null);
    }

    private static RepositoryLocation AtSsh(string rest) =>
        SftpAddress.Parse(rest) is { } address
            ? new RepositoryLocation("sftp", new DnsEndPoint(address.Host, address.Port), null) { Sftp = address }
            : throw Invalid($"is not {SftpAddress.Example}");

    /// <summary>s3:https://host/bucket, s3://host/bucket and s3:host/bucket are the same to restic.</summary>
    private static RepositoryLocation S3(string rest)
    {
        var url = rest.StartsWith("http://", StringComparison.Ordinal) || rest.StartsWith("https://", StringComparison.Ordinal)
            ? rest
            : "https://" + rest.TrimStart('/');
        var found = Url("s3", url);
        return new Uri(url).AbsolutePath.Length > 1 ? found : throw Invalid("names no bucket");
    }

    private static DnsEndPoint? Azure(Func<string, string?> variable) =>
        variable("AZURE_ACCOUNT_NAME") is { Length: > 0 } account
            ? ServerOf($"https://{account}.blob.{variable("AZURE_ENDPOINT_SUFFIX") ?? "core.windows.net"}/", "AZURE_ACCOUNT_NAME")
            : null;

    private static DnsEndPoint? Swift(Func<string, string?> variable) =>
        (variable("OS_STORAGE_URL"), variable("OS_AUTH_URL"), variable("ST_AUTH")) switch
        {
            ({ Length: > 0 } storage, _, _) => ServerOf(storage, "OS_STORAGE_URL"),
            (_, { Length: > 0 } keystone, _) => ServerOf(keystone, "OS_AUTH_URL"),
            (_, _, { Length: > 0 } auth) => ServerOf(auth, "ST_AUTH"),
            _ => null,
        };

    private static DnsEndPoint ServerOf(string url, string key) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0
            ? new DnsEndPoint(uri.IdnHost.Trim('[', ']'), uri.Port)
            : throw new WorkerException(Reason.InvalidCredentials, WorkerExitCode.InvalidInput, $"{key} in the Secret gives no http or https URL");

    /// <summary>The metadata services of clouds answer there, with credentials of the node.</summary>
    private static void RefuseLinkLocal(DnsEndPoint? server)
    {
        if (server is null || !IPAddress.TryParse(server.Host, out var address))
            return;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.IsIPv6LinkLocal || (address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..]))
            throw Invalid("names a link-local address");
    }

    private static WorkerException Invalid(string what) =>
        new(Reason.InvalidCredentials, WorkerExitCode.InvalidInput, $"{CredentialVariables.Repository} in the Secret {what}");
}
