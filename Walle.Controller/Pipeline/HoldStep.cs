using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>The API server does not let Walle see what a step needs (a right is missing): the step says so, is tried again, and ends with its deadline.</summary>
internal static class HoldStep
{
    private const int DefaultTimeoutSeconds = 600;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    public static PipelineDecision Decide(BackupObservation observation, BackupJobStatus status, ActionFailure failure)
    {
        var type = CurrentStep(status);
        status = status with { StartTime = status.StartTime ?? ConditionSet.Seconds(observation.Now) };
        var since = type == ConditionTypes.Accepted ? status.StartTime.Value : status.Since(type, observation.Now);
        var deadline = new Deadline(since, Timeout(type, observation.Options), observation.Now);
        return failure.IsFinal || deadline.HasPassed
            ? BackupResult.Fail(observation, status, type, failure.Reason, failure.Message)
            : new PipelineDecision(BackupPhases.Derive(status.HeldUp(type, failure, observation)), RequeueAfter: deadline.Remaining < LookAgain ? deadline.Remaining : LookAgain);
    }

    private static string CurrentStep(BackupJobStatus status) => status switch
    {
        _ when !status.IsTrue(ConditionTypes.Accepted) => ConditionTypes.Accepted,
        _ when !status.IsTrue(ConditionTypes.SnapshotReady) => ConditionTypes.SnapshotReady,
        _ when status.Attempts is not > 0 => ConditionTypes.CloneBound,
        _ => ConditionTypes.Uploaded,
    };

    private static TimeSpan Timeout(string type, BackupOptions options) => TimeSpan.FromSeconds(type switch
    {
        ConditionTypes.Accepted or ConditionTypes.CloneBound => options.BindTimeoutSeconds ?? DefaultTimeoutSeconds,
        ConditionTypes.SnapshotReady => options.SnapshotTimeoutSeconds ?? DefaultTimeoutSeconds,
        _ => options.ActiveDeadlineSeconds ?? UploadStep.DefaultActiveDeadlineSeconds,
    });
}
