using System.Globalization;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;

namespace Walle.Worker.Environment;

/// <summary>
/// The environment restic is started with: the allow-list and nothing else. A variable such as RESTIC_PASSWORD_COMMAND or LD_PRELOAD would run code.
/// </summary>
internal static class CredentialEnvironment
{
    /// <summary>Set by the worker itself, whatever its own environment holds.</summary>
    public static readonly IReadOnlyList<string> Fixed = ["RESTIC_CACHE_DIR", "RESTIC_PROGRESS_FPS", "RESTIC_FEATURES", "TMPDIR", "HOME", "TZ"];

    /// <summary>Values of these are no secret, and hiding a region or a host would only make messages useless. Users in their URLs are hidden.</summary>
    private static readonly HashSet<string> Public =
    [
        CredentialVariables.Repository, "AWS_DEFAULT_REGION", "AWS_REGION", "AZURE_ENDPOINT_SUFFIX", "OS_AUTH_URL", "OS_REGION_NAME", "OS_STORAGE_URL",
        "ST_AUTH", "SWIFT_DEFAULT_CONTAINER_POLICY",
    ];

    /// <param name="variable">The worker's own environment.</param>
    /// <param name="fileExists">Whether a file of the Secret was mounted.</param>
    public static Dictionary<string, string> Build(
        Func<string, string?> variable, Func<string, bool> fileExists, string credentialsDirectory, string cacheDirectory, string temporaryDirectory)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in CredentialVariables.Required)
        {
            var value = variable(key)
                ?? throw new WorkerException(Reason.SecretKeyMissing, WorkerExitCode.InvalidInput, $"the Secret has no key {key}");
            if (value.Length == 0)
                throw Invalid(key, "is empty");
            environment[key] = value;
        }
        foreach (var key in CredentialVariables.Optional)
        {
            if (variable(key) is not { Length: > 0 } value)
                continue;
            if (value.Any(char.IsControl))
                throw Invalid(key, "holds a line break or a control character; a Secret made with `echo` ends in one, use `printf %s` or `echo -n`");
            environment[key] = value;
        }
        foreach (var (key, name) in CredentialFiles.VariableOfKey)
        {
            var path = $"{credentialsDirectory}/{key}";
            if (fileExists(path))
                environment[name] = path;
        }
        environment["RESTIC_CACHE_DIR"] = cacheDirectory;
        environment["RESTIC_PROGRESS_FPS"] = 0.2.ToString(CultureInfo.InvariantCulture);
        // Otherwise the device number of each fresh clone would rewrite every tree (research/performance.md, 1.2).
        environment["RESTIC_FEATURES"] = "device-id-for-hardlinks";
        environment["TMPDIR"] = temporaryDirectory;
        environment["HOME"] = temporaryDirectory;
        // restic reads --time as local time.
        environment["TZ"] = "UTC";
        return environment;
    }

    /// <summary>The values that no message may show.</summary>
    public static IEnumerable<string> Secrets(Func<string, string?> variable) =>
        CredentialVariables.Required.Concat(CredentialVariables.Optional)
            .Where(key => !Public.Contains(key))
            .Select(variable)
            .OfType<string>();

    private static WorkerException Invalid(string key, string what) =>
        new(Reason.InvalidCredentials, WorkerExitCode.InvalidInput, $"{key} in the Secret {what}");
}
