namespace Walle.Worker.Restore;

/// <summary>What a volume holds before a restore.</summary>
/// <param name="Earlier">The mark of an earlier worker of the same RestoreJob, whose work is taken up; or null.</param>
/// <param name="Refusal">It holds files without any mark, and must not: unless they turn out to be what an earlier worker has finished.</param>
internal sealed record TargetInspection(RestoreMarker? Earlier, WorkerException? Refusal);
