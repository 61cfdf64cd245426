using k8s;
using Walle.Crds;
using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Controller.Kubernetes;

/// <summary>Writes to BackupSchedules.</summary>
internal sealed class ScheduleClient(IKubernetes kubernetes)
    : CustomResourceClient<BackupSchedule, BackupScheduleStatus>(kubernetes, ApiGroup.BackupSchedulePlural, CrdJsonContext.Default.BackupScheduleStatus, schedule => schedule.Status)
{
    /// <summary>Whether a status would be stored otherwise than it is.</summary>
    public static bool Differs(BackupScheduleStatus? stored, BackupScheduleStatus status) => Between(stored, status, CrdJsonContext.Default.BackupScheduleStatus) is not null;
}
