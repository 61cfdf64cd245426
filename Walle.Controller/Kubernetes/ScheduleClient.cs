using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Walle.Crds;
using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Controller.Kubernetes;

/// <summary>Writes the status of BackupSchedules, from the resourceVersion that it was decided from: a newer object answers 409.</summary>
internal sealed class ScheduleClient(IKubernetes kubernetes)
{
    /// <summary>As JSON, since that is what is stored.</summary>
    public static bool Differs(BackupScheduleStatus? stored, BackupScheduleStatus status) => MergePatch.Between(ToJson(stored), ToJson(status)!) is not null;

    /// <returns>The new resourceVersion.</returns>
    public async Task<ulong> WriteStatusAsync(BackupSchedule schedule, BackupScheduleStatus status, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = schedule.Metadata.ResourceVersion },
            ["status"] = MergePatch.Between(ToJson(schedule.Status), ToJson(status)!),
        };
        return ObjectVersion.Of(await kubernetes.CustomObjects.PatchNamespacedCustomObjectStatusAsync(
            new V1Patch(body.ToJsonString(), V1Patch.PatchType.MergePatch), ApiGroup.Name, ApiGroup.Version, schedule.Metadata.Namespace, ApiGroup.BackupSchedulePlural,
            schedule.Metadata.Name, fieldManager: WellKnown.FieldManager, cancellationToken: cancellationToken));
    }

    private static JsonObject? ToJson(BackupScheduleStatus? status) =>
        status is null ? null : JsonSerializer.SerializeToNode(status, CrdJsonContext.Default.BackupScheduleStatus)!.AsObject();
}
