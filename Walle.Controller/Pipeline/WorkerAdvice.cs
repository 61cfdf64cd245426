using Walle.Crds.Conditions;

namespace Walle.Controller.Pipeline;

/// <summary>What a worker reports is the cause; what to do about it depends on the BackupJob, which the worker does not know.</summary>
internal static class WorkerAdvice
{
    /// <summary>The cause, and then the fix where there is one to name.</summary>
    public static string Append(string cause, Reason reason, WorkObservation observation)
    {
        var secret = $"Secret {observation.SecretName}";
        var fix = reason switch
        {
            Reason.EmptySource => "if that is right, set options.allowEmpty in a new BackupJob",
            Reason.SourceUnreadable => "a worker with options.worker.securityProfile Baseline reads files of any owner",
            Reason.RepositoryFull => "the storage of the repository is full: free space or raise its quota",
            Reason.RepositoryUnreachable => $"check RESTIC_REPOSITORY of {secret}, and the way there",
            Reason.RepositoryAccessDenied => $"check the credentials in {secret}",
            Reason.RepositoryLocked => "see who holds the lock with: restic list locks",
            Reason.InvalidLock => "once nobody works on the repository, remove it with: restic unlock --remove-all",
            Reason.RepositoryDamaged => "look at the damage with: restic check",
            Reason.WrongPassword => $"check RESTIC_PASSWORD of {secret}",
            _ => null,
        };
        return fix is null ? cause : $"{cause}; {fix}";
    }
}
