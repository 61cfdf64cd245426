using System.Text.Json;
using k8s;
using Walle.Crds;
using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Controller.Kubernetes;

/// <summary>Writes to BackupJobs.</summary>
internal sealed class BackupJobClient(IKubernetes kubernetes)
    : CustomResourceClient<BackupJob, BackupJobStatus>(kubernetes, ApiGroup.BackupJobPlural, CrdJsonContext.Default.BackupJobStatus, job => job.Status)
{
    /// <summary>Whether a status would be stored otherwise than it is.</summary>
    public static bool Differs(BackupJobStatus? stored, BackupJobStatus status) => Between(stored, status, CrdJsonContext.Default.BackupJobStatus) is not null;

    /// <summary>Throws AlreadyExists.</summary>
    public Task CreateAsync(BackupJob job, CancellationToken cancellationToken) => Kubernetes.CustomObjects.CreateNamespacedCustomObjectAsync(
        JsonSerializer.SerializeToNode(job, CrdJsonContext.Default.BackupJob), ApiGroup.Name, ApiGroup.Version, job.Metadata.Namespace, ApiGroup.BackupJobPlural,
        fieldManager: WellKnown.FieldManager, cancellationToken: cancellationToken);
}
