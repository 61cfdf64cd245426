using System.ComponentModel;

namespace Walle.Crds.Conditions;

/// <summary>Every reason that Walle writes into a condition, an Event or a worker's result. The description says what it means and what to do.</summary>
public enum Reason
{
    [Description("The object has been seen and nothing has gone wrong.")]
    Accepted,

    [Description("The step is under way.")]
    InProgress,

    [Description("The step waits for an earlier one.")]
    Waiting,

    [Description("The run is complete: restic exited 0, and a backup named its snapshot.")]
    Succeeded,

    [Description("All temporary objects are gone.")]
    CleanedUp,

    [Description("The spec is wrong; the message names the field and the fix.")]
    InvalidSpec,

    [Description("The annotation ros.io/backup: \"false\" keeps every schedule away from the source. Remove it to back the source up.")]
    OptedOut,

    [Description("No selector of the schedule matches the source; the message says why, selector by selector.")]
    NotSelected,

    [Description("An earlier selector of the schedule has the source already; it is backed up once.")]
    AlreadySelected,

    [Description("The workload mounts no claim that can be backed up and has no dump (ros.io/backup-command).")]
    NothingToBackUp,

    [Description("The schedule's selectors match nothing that can be backed up. It goes on; status.selected says why each candidate is left out.")]
    NothingSelected,

    [Description("The schedule is suspended (spec.suspend); it starts no run.")]
    Suspended,

    [Description("The run was left out: it could not be started within spec.startingDeadlineSeconds, or the run before it had not ended (spec.concurrencyPolicy: Forbid).")]
    Missed,

    [Description("The last run of the schedule did not succeed for every source; the message has the command that lists the failures.")]
    LastRunFailed,

    [Description("Each claim of the schedule has a complete backup that is younger than spec.rpo.")]
    WithinRPO,

    [Description("The message names the claims whose newest complete backup is older than spec.rpo, or that have none.")]
    RPOViolated,

    [Description("status.lastScheduleTime lies in the future: the clock has been set back. Runs go on from the present time.")]
    ClockSkew,

    [Description("The backup waits for others to end: a limit of the controller is reached (--max-backups and others); the message says which and how many are before it.")]
    WaitingForSlot,

    [Description("The backup waited for others for longer than a day. Raise the limit that the message names, or spread the schedules (H).")]
    SlotTimeout,

    [Description("The source does not exist. Check spec.source.name and the namespace.")]
    SourceNotFound,

    [Description("The source PersistentVolumeClaim is not Bound. Nothing can be snapshotted before it is.")]
    SourceNotBound,

    [Description("The source was deleted before its snapshot was cut.")]
    SourceGone,

    [Description("The source has volumeMode Block; Walle backs up file systems. Use a dump (ros.io/backup-command).")]
    UnsupportedVolumeMode,

    [Description("The volume does not come from a CSI driver, so it cannot be snapshotted. Move the data to a CSI StorageClass.")]
    SnapshotUnsupported,

    [Description("The cluster has no snapshot.storage.k8s.io API. Install the external-snapshotter's CRDs and controller.")]
    SnapshotApiMissing,

    [Description("No VolumeSnapshotClass fits, or several do and none is the default. Name one in options.volumeSnapshotClassName or mark a default.")]
    SnapshotClassMissing,

    [Description("The VolumeSnapshot was not ready in time. The message holds the driver's last error, or says that no controller processed it.")]
    SnapshotTimeout,

    [Description("The VolumeSnapshot was deleted by somebody during the backup.")]
    SnapshotLost,

    [Description("The temporary PersistentVolumeClaim was not bound in time. Look at the provisioner's log and the storage quota.")]
    CloneTimeout,

    [Description("The temporary PersistentVolumeClaim was deleted by somebody during the backup.")]
    CloneLost,

    [Description("An object with the name that Walle uses exists and is not Walle's. Delete or rename it.")]
    NameConflict,

    [Description("A ResourceQuota refused an object. Raise the quota or run fewer backups at a time.")]
    QuotaExceeded,

    [Description("The API server refused a request of the controller. The message names the missing right.")]
    Forbidden,

    [Description("The namespace is being deleted.")]
    NamespaceTerminating,

    [Description("The worker's image cannot be pulled. Check the image name, the registry and options.worker.imagePullSecrets.")]
    ImagePullFailed,

    [Description("The Secret named in spec.repository.secretRef does not exist in this namespace.")]
    SecretNotFound,

    [Description("The Secret lacks a key that every repository needs (RESTIC_REPOSITORY, RESTIC_PASSWORD).")]
    SecretKeyMissing,

    [Description("A value in the Secret is not allowed or not well formed; the message names the key.")]
    InvalidCredentials,

    [Description("The worker's Pod did not start in time; the message holds what kubelet or the scheduler said.")]
    StartTimeout,

    [Description("The run took longer than options.activeDeadlineSeconds.")]
    DeadlineExceeded,

    [Description("restic refused the password in the Secret (exit code 12).")]
    WrongPassword,

    [Description("The repository's server does not answer. Check RESTIC_REPOSITORY and the network.")]
    RepositoryUnreachable,

    [Description("There is no repository at that place and spec.repository.initialize is Never (or an earlier backup had reached one there).")]
    RepositoryNotFound,

    [Description("A repository that was reached before is gone. It is never created anew; check the storage.")]
    RepositoryVanished,

    [Description("The repository could not be initialised; the message holds restic's error.")]
    InitializationFailed,

    [Description("The repository is locked by another process (exit code 11).")]
    RepositoryLocked,

    [Description("A lock file in the repository cannot be read, and restic refuses all work. Once no other client works on the repository: restic unlock --remove-all.")]
    InvalidLock,

    [Description("Retention would leave a volume fewer complete backups than spec.retention.minKeep; nothing was forgotten. The message has the numbers and the command that releases one prune.")]
    PruneBlocked,

    [Description("The repository is in use by backups; the prune or check waits for them to end, and new ones wait for it.")]
    WaitingForRepository,

    [Description("The prune or check could not begin, as the backups before it did not end in time. It is tried again at its next time.")]
    MaintenanceDeferred,

    [Description("A backup that stands in the status of a BackupJob is not in the repository: somebody has removed it. The message has the ids.")]
    SnapshotMissing,

    [Description("The last check of the repository found no damage.")]
    RepositoryHealthy,

    [Description("The storage of the repository is full or over its quota.")]
    RepositoryFull,

    [Description("The repository's server refused access. Check the credentials in the Secret.")]
    RepositoryAccessDenied,

    [Description("Data in the repository is damaged. Run restic check, see docs/reasons.md.")]
    RepositoryDamaged,

    [Description("Part or all of the source could not be read; the message names the first paths.")]
    SourceUnreadable,

    [Description("The volume is empty and the last backup was not. Set options.allowEmpty if that is right.")]
    EmptySource,

    [Description("The volume holds the mark of a restore that did not finish (.walle-restoring), so its content is not whole. Finish the restore, or delete the file if the content is as you want it.")]
    RestoreUnfinished,

    [Description("No backup in the repository matches spec.source; the message says what there is. Partial backups are restored by their snapshotId only.")]
    BackupNotFound,

    [Description("The backup belongs to another namespace or cluster, and the Secret does not allow that. Add the namespace to its key WALLE_RESTORE_NAMESPACES.")]
    ForeignBackup,

    [Description("The target PersistentVolumeClaim does not exist. Make it, or set spec.target.create.")]
    TargetNotFound,

    [Description("spec.target.create is set, and a claim of that name exists already. Name another one, or remove create to restore into it.")]
    TargetExists,

    [Description("A Pod mounts the target or is about to; the message names it. Scale its workload down and create a new RestoreJob.")]
    TargetInUse,

    [Description("The target holds files and spec.overwrite is Never. Use an empty claim, or set overwrite.")]
    TargetNotEmpty,

    [Description("The backup does not fit into the target. Make it larger.")]
    TargetTooSmall,

    [Description("The target was not bound in time. Look at the provisioner's log and the storage quota.")]
    TargetNotBound,

    [Description("The target was deleted or replaced during the restore.")]
    TargetLost,

    [Description("The worker cannot write to the target. Look at its access modes, or use spec.options.worker.securityProfile Baseline.")]
    TargetNotWritable,

    [Description("The StorageClass of the claim that is to be made does not exist in this cluster. Name one in spec.target.create.storageClassName.")]
    StorageClassMissing,

    [Description("Part of the backup could not be restored; the message names the first paths. What could be is in the target.")]
    RestoreIncomplete,

    [Description("spec.include and spec.exclude leave nothing to restore. Patterns that begin with / are anchored at the volume's root.")]
    NothingMatched,

    [Description("The worker ran out of memory. Raise options.worker.resources.limits.memory.")]
    OutOfMemory,

    [Description("The worker's Pod was evicted, preempted or drained.")]
    Evicted,

    [Description("The worker was killed or ended without leaving a result.")]
    ResultMissing,

    [Description("restic failed; the message holds its last error.")]
    ResticFailed,

    [Description("restic is too old for Walle; build the worker image with restic 0.18 or newer.")]
    ResticTooOld,

    [Description("The BackupJob or RestoreJob was deleted before it ended.")]
    Cancelled,

    [Description("The volume is left out; the message says why (opted out by ros.io/backup, or a volume that lives only as long as its Pod).")]
    Excluded,

    [Description("A hook annotation is wrong; the message names the annotation and the fix.")]
    InvalidHook,

    [Description("No Pod of the source runs that the dump could be taken from.")]
    HookPodNotFound,

    [Description("The container that a hook or dump is to run in does not exist or does not run. Nothing was run.")]
    HookContainerNotFound,

    [Description("Walle may not run commands in this namespace. Its administrator grants it; the message holds the command.")]
    HookForbidden,

    [Description("A hook ended with another exit code than 0; the message holds the end of its output.")]
    HookFailed,

    [Description("A hook did not end within ros.io/hook-timeout. It may still be running in its container.")]
    HookTimedOut,

    [Description("The connection to a hook was cut before its exit status came, or never came about, again and again.")]
    HookUnreachable,

    [Description("The controller was restarted while a before-hook ran, again and again.")]
    HookInterrupted,

    [Description("The Pod that a hook was to run in is gone or was replaced.")]
    PodReplaced,

    [Description("The after-hook could not be run to its end: the application may still be frozen. Look at it at once.")]
    AfterHookFailed,

    [Description("The dump's command failed, was cut off or printed nothing. No snapshot was saved.")]
    DumpFailed,

    [Description("The workload of spec.target.exec has no annotation ros.io/restore-command. Whoever may change the workload writes it there.")]
    RestoreCommandMissing,

    [Description("The command that a dump was restored into failed, or did not take the whole dump. It may have done a part of its work: look at it, then create a new RestoreJob.")]
    RestoreCommandFailed,

    [Description("Temporary objects could not be deleted in time; the message names them.")]
    CleanupTimeout,

    [Description("The API server refuses the status that Walle writes, so the run stands still. Usually the CRDs are older than the controller: apply those of its version.")]
    StatusRefused,
}
