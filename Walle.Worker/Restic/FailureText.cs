using Walle.Crds.Conditions;

namespace Walle.Worker.Restic;

/// <summary>
/// Reads the reason out of a message of restic or its backends. The phrases come from real runs of restic 0.18 (Walle.Tests/Worker holds them), those of
/// clouds from their documented errors; restic shows a cloud's message, not its code.
/// </summary>
internal static class FailureText
{
    /// <summary>In the order in which they are looked for: a lock that is damaged is a lock, a bucket that is missing is not a refusal.</summary>
    private static readonly (Reason Reason, string[] Phrases)[] Table =
    [
        (Reason.RepositoryLocked, ["repository is already locked"]),
        (Reason.InvalidLock, ["invalid lock file"]),
        (Reason.WrongPassword, ["wrong password or no key found"]),
        (Reason.RepositoryFull,
        [
            "no space left on device", "disk quota exceeded", "(507)", "insufficient storage", "quota exceeded", "quotaexceeded", "over quota", "exceeds quota", "exceeded its quota",
            "storagefull", "minimum free drive threshold", "storage resources are insufficient", "storage cap exceeded", "usage cap exceeded",
        ]),
        (Reason.RepositoryDamaged,
        [
            "the repository could be damaged", " is damaged", "ciphertext verification failed", "invalid data returned", "has zero size", "repair index",
            "does not match id", "checksum mismatch", "unable to load index", "not found in repository", "indexes are not complete", "index is not complete", "repository contains errors", "packs from index missing in repo",
        ]),
        (Reason.RepositoryNotFound,
        [
            "repository does not exist", "specified bucket does not exist", "nosuchbucket", "containernotfound", "specified container does not exist", "bucket doesn't exist", "bucket does not exist",
        ]),
        (Reason.InvalidCredentials,
        [
            "parsing repository location failed", "unable to read root certificate", "no credentials found", "could not find default credentials", "can't find authversion", "unsupported protocol scheme",
            "unable to read client certificate", "invalid client key", "cannot parse root certificate",
        ]),
        (Reason.RepositoryAccessDenied,
        [
            "(401)", "(403)", "401 unauthorized", "403 forbidden", "access denied", "accessdenied", "signature we calculated does not match", "signaturedoesnotmatch",
            "access key id you provided does not exist", "invalidaccesskeyid", "authenticationfailed", "failed to authenticate", "authorizationfailure", "authorizationpermissionmismatch",
            "invalid_grant", "token has expired", "expiredtoken", "bad_auth_token", "not authorized", "invalid accountid or key", "accountproblem", "permission denied", "read-only file system",
        ]),
        (Reason.RepositoryUnreachable,
        [
            "connection refused", "no such host", "server misbehaving", "i/o timeout", "timeout", "deadline exceeded", "network is unreachable", "no route to host", "connection reset",
            "broken pipe", "x509:", "tls:", "gave http response to https client", "(500)", "(502)", "(503)", "(504)", "slow down", "slowdown", "service unavailable",
            "host key verification failed", "requested strict checking", "remote host identification has changed", "unable to start the sftp session", "could not resolve hostname", "timed out", "ssh command exited", "connection lost", "connection closed by", "unexpected eof", ": eof",
        ]),
    ];

    public static Reason? ReasonOf(string message)
    {
        foreach (var (reason, phrases) in Table)
        {
            foreach (var phrase in phrases)
            {
                if (message.Contains(phrase, StringComparison.OrdinalIgnoreCase))
                    return reason;
            }
        }
        return null;
    }

    /// <summary>Whether trying again within minutes cannot help.</summary>
    public static bool IsHopeless(Reason reason, string message) => reason switch
    {
        Reason.RepositoryFull or Reason.RepositoryNotFound or Reason.InvalidCredentials or Reason.RepositoryAccessDenied => true,
        Reason.RepositoryUnreachable => IsTrust(message),
        _ => false,
    };

    /// <summary>The server answers, but its certificate or its key is not trusted.</summary>
    public static bool IsTrust(string message) => message.Contains("x509:", StringComparison.Ordinal) || IsHostKey(message);

    /// <summary>Any of ssh's lines about it: restic may end before it has printed the last.</summary>
    public static bool IsHostKey(string message) =>
        message.Contains("Host key verification failed", StringComparison.Ordinal) || message.Contains("requested strict checking", StringComparison.Ordinal)
        || message.Contains("REMOTE HOST IDENTIFICATION HAS CHANGED", StringComparison.Ordinal);
}
