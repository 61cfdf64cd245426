using System.Text.Json.Nodes;
using k8s.Models;

namespace Walle.Controller.Pipeline;

/// <summary>The one write that a decision asks for. Each is idempotent: a create of what exists is an adoption, a delete of what is gone is done.</summary>
internal abstract record PipelineAction
{
    internal sealed record AddFinalizer : PipelineAction;

    internal sealed record RemoveFinalizer : PipelineAction;

    internal sealed record CreateSnapshot(JsonObject Manifest) : PipelineAction;

    internal sealed record CreateClone(V1PersistentVolumeClaim Manifest) : PipelineAction;

    internal sealed record CreateJob(V1Job Manifest) : PipelineAction;

    /// <summary>As <see cref="CreateJob"/>, but one at a time in the whole cluster: two concurrent restic inits can destroy a repository.</summary>
    internal sealed record CreateInitJob(V1Job Manifest) : PipelineAction;

    /// <summary>The claim that a restore makes. It belongs to nobody: it stays when the RestoreJob goes.</summary>
    internal sealed record CreateTarget(V1PersistentVolumeClaim Manifest) : PipelineAction;

    internal sealed record DeleteJob(string Name, string Uid) : PipelineAction;

    internal sealed record DeleteClone(string Name, string Uid) : PipelineAction;

    internal sealed record DeleteSnapshot(string Name, string Uid) : PipelineAction;

    /// <summary>The RestoreJob's time to live is over.</summary>
    internal sealed record DeleteRestoreJob : PipelineAction;

    /// <summary>The BackupJob's time to live is over.</summary>
    internal sealed record DeleteBackupJob : PipelineAction;
}
