using System.Text.Json.Nodes;
using k8s.Models;
using Walle.Controller.Pipeline.Hooks;

namespace Walle.Controller.Pipeline;

/// <summary>The one write that a decision asks for. Each is idempotent: a create of what exists is an adoption, a delete of what is gone is done.</summary>
internal abstract record PipelineAction
{
    internal sealed record AddFinalizer : PipelineAction;

    internal sealed record RemoveFinalizer : PipelineAction;

    internal sealed record CreateSnapshot(JsonObject Manifest) : PipelineAction;

    /// <summary>All volumes of a workload at once: the nearer the cuts, the shorter the application is held.</summary>
    internal sealed record CreateSnapshots(IReadOnlyList<CreateSnapshot> Snapshots) : PipelineAction;

    /// <summary>All volumes of a workload as one; whichever of them asks for it.</summary>
    internal sealed record CreateGroupSnapshot(string Version, JsonObject Manifest) : PipelineAction;

    /// <summary>Starts commands in Pods and does not wait for them. Each is started once, however often it is asked for.</summary>
    internal sealed record RunHooks(IReadOnlyList<HookRun> Runs) : PipelineAction;

    internal sealed record CreateClone(V1PersistentVolumeClaim Manifest) : PipelineAction;

    internal sealed record CreateJob(V1Job Manifest) : PipelineAction;

    /// <summary>As <see cref="CreateJob"/>, but one at a time in the whole cluster: two concurrent restic inits can destroy a repository.</summary>
    internal sealed record CreateInitJob(V1Job Manifest) : PipelineAction;

    /// <summary>The claim that a restore makes. It belongs to nobody: it stays when the RestoreJob goes.</summary>
    internal sealed record CreateTarget(V1PersistentVolumeClaim Manifest) : PipelineAction;

    internal sealed record DeleteJob(string Name, string Uid) : PipelineAction;

    internal sealed record DeleteClone(string Name, string Uid) : PipelineAction;

    internal sealed record DeleteSnapshot(string Name, string Uid) : PipelineAction;

    /// <summary>And with it its members, which the snapshot controller deletes.</summary>
    internal sealed record DeleteGroupSnapshot(string Version, string Name, string Uid) : PipelineAction;

    /// <summary>The RestoreJob's time to live is over.</summary>
    internal sealed record DeleteRestoreJob : PipelineAction;

    /// <summary>The BackupJob's time to live is over.</summary>
    internal sealed record DeleteBackupJob : PipelineAction;
}
