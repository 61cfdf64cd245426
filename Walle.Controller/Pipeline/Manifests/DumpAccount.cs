using k8s.Models;
using Walle.Crds;

namespace Walle.Controller.Pipeline.Manifests;

/// <summary>
/// Makes a worker's Pod one that runs commands in other Pods: the token of a ServiceAccount that may exec in this namespace. It reads and writes no file
/// but its own, so it needs neither root nor a capability; but a repository on a volume, whose files belong to whom the other workers run as.
/// </summary>
internal static class DumpAccount
{
    // "nobody": kubelet gives the token to the user that all containers of the Pod share.
    private const long User = 65534;

    public static void Use(V1PodSpec pod, WorkObservation observation)
    {
        pod.AutomountServiceAccountToken = true;
        pod.ServiceAccountName = WellKnown.DumpServiceAccount;
        if (observation.RepositoryClaim is not null)
        {
            return;
        }

        pod.SecurityContext.RunAsNonRoot = true;
        pod.SecurityContext.RunAsUser = observation.Worker?.RunAsUser ?? User;
        pod.SecurityContext.RunAsGroup = observation.Worker?.RunAsGroup ?? User;
        pod.Containers[0].SecurityContext.Capabilities.Add = null;
    }
}
