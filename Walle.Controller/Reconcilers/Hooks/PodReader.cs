using k8s.Models;
using Walle.Controller.Pipeline.Hooks;

namespace Walle.Controller.Reconcilers.Hooks;

/// <summary>What a hook needs to know of a Pod.</summary>
internal static class PodReader
{
    public static PodFacts Facts(V1Pod pod)
    {
        var claims = (pod.Spec.Volumes ?? [])
            .Select(volume => (volume.Name, Claim: volume.PersistentVolumeClaim?.ClaimName ?? (volume.Ephemeral is null ? null : $"{pod.Metadata.Name}-{volume.Name}")))
            .Where(volume => volume.Claim is not null).ToDictionary(volume => volume.Name, volume => volume.Claim!);
        var running = (pod.Status?.ContainerStatuses ?? []).Concat(pod.Status?.InitContainerStatuses ?? []).Where(status => status.State?.Running is not null).Select(status => status.Name).ToHashSet();
        return new PodFacts
        {
            Name = pod.Metadata.Name,
            Uid = pod.Metadata.Uid,
            Running = pod.Status?.Phase == "Running" && pod.Metadata.DeletionTimestamp is null,
            Ready = pod.Status?.Conditions?.Any(condition => condition.Type == "Ready" && condition.Status == "True") == true,
            Annotations = pod.Metadata.Annotations is { } annotations ? new Dictionary<string, string>(annotations) : [],
            // Init containers that go on running are sidecars.
            Containers = [.. pod.Spec.Containers.Concat((pod.Spec.InitContainers ?? []).Where(container => container.RestartPolicy == "Always")).Select(container => new ContainerFacts(
                container.Name, running.Contains(container.Name), [.. (container.VolumeMounts ?? []).Select(mount => claims.GetValueOrDefault(mount.Name)).OfType<string>().Distinct()]))],
            Claims = [.. claims.Values.Distinct()],
        };
    }
}
