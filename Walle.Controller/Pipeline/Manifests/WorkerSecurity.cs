using k8s.Models;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Manifests;

/// <summary>
/// The two security profiles. Neither has an fsGroup: kubelet's ownership walk would change every ctime and the ownership that is backed up.
/// </summary>
internal static class WorkerSecurity
{
    // "nobody" of Debian and of most images; used when no Pod tells whom the data belongs to.
    private const long FallbackUser = 65534;

    public static bool IsRestricted(WorkObservation observation) => (observation.Worker?.SecurityProfile ?? SecurityProfile.Auto) switch
    {
        SecurityProfile.Restricted => true,
        SecurityProfile.Baseline => false,
        _ => observation.NamespaceIsRestricted,
    };

    public static V1PodSecurityContext Pod(WorkObservation observation)
    {
        var options = observation.Worker;
        var context = new V1PodSecurityContext { SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" } };
        if (options?.SupplementalGroups is { Count: > 0 } groups)
        {
            context.SupplementalGroups = [.. groups.Select(group => (long?)group)];
        }

        if (!IsRestricted(observation))
        {
            context.RunAsUser = 0;
            context.RunAsGroup = 0;
            return context;
        }

        var identity = observation.WorkloadIdentity;
        context.RunAsNonRoot = true;
        context.RunAsUser = options?.RunAsUser ?? (identity?.User is > 0 ? identity.User : FallbackUser);
        context.RunAsGroup = options?.RunAsGroup ?? identity?.Group ?? context.RunAsUser;
        if (context.SupplementalGroups is null && identity?.SupplementalGroups.Count > 0)
        {
            context.SupplementalGroups = [.. identity.SupplementalGroups.Select(group => (long?)group)];
        }

        return context;
    }

    public static V1SecurityContext Container(WorkObservation observation) => new()
    {
        AllowPrivilegeEscalation = false,
        Privileged = false,
        ReadOnlyRootFilesystem = true,
        Capabilities = new V1Capabilities
        {
            Drop = ["ALL"],
            // Reads files of any owner and mode; the mount is read-only, so that it gives no write. Not DAC_READ_SEARCH: with it the runtime's
            // default seccomp profile lets open_by_handle_at through (research/reliability.md 8.4).
            Add = IsRestricted(observation) ? null : ["DAC_OVERRIDE"],
        },
    };
}
