using k8s.Models;
using Walle.Crds;

namespace Walle.Controller.Pipeline.Manifests;

/// <summary>Metadata of every temporary object: found by its label, collected with its owner, and told apart from anybody else's by the owner's UID.</summary>
internal static class OwnedMetadata
{
    public static V1ObjectMeta Build(WorkObservation observation, string name) => new()
    {
        Name = name,
        NamespaceProperty = observation.Namespace,
        Labels = Labels(observation),
        Annotations = new Dictionary<string, string> { [WellKnown.OwnerNameAnnotation] = $"{observation.OwnerKind}/{observation.Owner.Metadata.Name}" },
        OwnerReferences =
        [
            new V1OwnerReference
            {
                ApiVersion = ApiGroup.ApiVersion,
                Kind = observation.OwnerKind,
                Name = observation.Owner.Metadata.Name,
                Uid = observation.Uid,
                Controller = true,
                // True would need the right to set finalizers on BackupJobs and would hold up a foreground deletion.
                BlockOwnerDeletion = false,
            },
        ],
    };

    public static Dictionary<string, string> Labels(WorkObservation observation) => new()
    {
        [WellKnown.ManagedByLabel] = WellKnown.ManagedByValue,
        [WellKnown.OwnerUidLabel] = observation.Uid,
    };
}
