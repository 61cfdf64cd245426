using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Controller.Projections.Decoding;

/// <summary>BackupSchedule -> <see cref="ScheduleProjection"/>.</summary>
internal sealed class ScheduleDecoder() : CustomResourceDecoder<ScheduleProjection, BackupSchedule, BackupScheduleSpec, BackupScheduleStatus>(
    CrdJsonContext.Default.BackupSchedule,
    CrdJsonContext.Default.BackupScheduleSpec,
    CrdJsonContext.Default.BackupScheduleStatus,
    parts => new BackupSchedule { Metadata = parts.Metadata, Spec = parts.Spec ?? new(), Status = parts.Status, DecodeError = parts.Error },
    whole => new ScheduleProjection(whole));
