using k8s;
using Walle.Crds;
using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Controller.Kubernetes;

/// <summary>Writes to RestoreJobs.</summary>
internal sealed class RestoreJobClient(IKubernetes kubernetes)
    : CustomResourceClient<RestoreJob, RestoreJobStatus>(kubernetes, ApiGroup.RestoreJobPlural, CrdJsonContext.Default.RestoreJobStatus, job => job.Status)
{
    /// <summary>Whether a status would be stored otherwise than it is.</summary>
    public static bool Differs(RestoreJobStatus? stored, RestoreJobStatus status) => Between(stored, status, CrdJsonContext.Default.RestoreJobStatus) is not null;
}
