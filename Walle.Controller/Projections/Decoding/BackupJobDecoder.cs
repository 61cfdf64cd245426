using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Controller.Projections.Decoding;

/// <summary>BackupJob -> <see cref="BackupJobProjection"/>.</summary>
internal sealed class BackupJobDecoder() : CustomResourceDecoder<BackupJobProjection, BackupJob, BackupJobSpec, BackupJobStatus>(
    CrdJsonContext.Default.BackupJob,
    CrdJsonContext.Default.BackupJobSpec,
    CrdJsonContext.Default.BackupJobStatus,
    parts => new BackupJob { Metadata = parts.Metadata, Spec = parts.Spec ?? new(), Status = parts.Status, DecodeError = parts.Error },
    whole => new BackupJobProjection(whole));
