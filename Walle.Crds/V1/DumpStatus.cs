using System.ComponentModel;
using Walle.Crds.Conditions;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>One command's standard output, backed up.</summary>
public sealed record DumpStatus
{
    [Description("File name (ros.io/file-name)."), Required, MaxLength(128)]
    public string Name { get; init; } = "";

    [Description("Path in the repository."), MaxLength(1024)]
    public string? Path { get; init; }

    [Description("Pod that the command ran in."), MaxLength(253)]
    public string? Pod { get; init; }

    [Description("Container that the command ran in."), MaxLength(63)]
    public string? Container { get; init; }

    [Description("When the command was started: the time of the backup.")]
    public DateTimeOffset? SnapshotTime { get; init; }

    [Description("Full id of the restic snapshot."), MaxLength(64)]
    public string? ResticSnapshotId { get; init; }

    [Description("Its first eight characters, for people."), MaxLength(8)]
    public string? ShortId { get; init; }

    [Description("SHA-256 of what the command printed."), MaxLength(64)]
    public string? Sha256 { get; init; }

    [Description("Exit code of the command.")]
    public int? ExitCode { get; init; }

    [Description("How much the command printed, in bytes.")]
    public long? BytesProcessed { get; init; }

    [Description("Bytes added to the repository, as stored.")]
    public long? BytesAdded { get; init; }

    [Description("Of restic.")]
    public double? DurationSeconds { get; init; }

    [Description("Where it stands."), MaxLength(32)]
    public string? Phase { get; init; }

    [Description("Reason of the last change, in one CamelCase word."), MaxLength(64)]
    public string? Reason { get; init; }

    [Description("What is happening or what went wrong."), MaxLength(4096)]
    public string? Message { get; init; }

    [Description("How many workers have been started for it.")]
    public int? Attempts { get; init; }

    [Description("How many of them failed for a reason that counts against retryLimit.")]
    public int? FailedAttempts { get; init; }

    [Description("What is true about it."), MaxLength(16), ListMapKey("type")]
    public List<Condition>? Conditions { get; init; }

    [Description("The command that writes this dump to standard output with stock restic."), MaxLength(2048)]
    public string? RestoreCommand { get; init; }
}
