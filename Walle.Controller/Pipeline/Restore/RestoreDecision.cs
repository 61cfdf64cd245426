using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Restore;

/// <summary>As <see cref="PipelineDecision"/>: a status that differs is written first and alone.</summary>
internal sealed record RestoreDecision(RestoreJobStatus Status, PipelineAction? Action = null, TimeSpan? RequeueAfter = null);
