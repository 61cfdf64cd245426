using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>
/// What to do next. A status that differs from the stored one is written first and alone, so that what is about to happen is known before it
/// happens; the action follows in the next reconcile.
/// </summary>
/// <param name="RequeueAfter">Look again after this time even if nothing happens: the next deadline.</param>
internal sealed record PipelineDecision(BackupJobStatus Status, PipelineAction? Action = null, TimeSpan? RequeueAfter = null);
