using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>The newest complete backup of the same claim into the same repository, from the status of its BackupJob.</summary>
internal sealed record PreviousBackup(VolumeStatus Volume)
{
    public string? SnapshotId => Volume.ResticSnapshotId;

    public bool HadFiles => (Volume.FilesNew ?? 0) + (Volume.FilesChanged ?? 0) + (Volume.FilesUnmodified ?? 0) > 0;
}
