using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;

namespace Walle.Tests.Builders;

/// <summary>A worker's Job, not ended.</summary>
internal sealed class JobBuilder(string name, string verb)
{
    private JobProjection _job = new()
    {
        Name = new NamespacedName(A.Namespace, name),
        Uid = $"uid-of-{name}",
        ResourceVersion = 30,
        OwnerUid = A.Uid,
        ControllerUid = A.Uid,
        Verb = verb,
        CreationTimestamp = A.Noon,
    };

    public string Uid => _job.Uid;

    public static implicit operator JobProjection(JobBuilder builder) => builder._job;

    public JobBuilder With(Func<JobProjection, JobProjection> change)
    {
        _job = change(_job);
        return this;
    }

    public JobBuilder CreatedAt(DateTimeOffset time) => With(job => job with { CreationTimestamp = time });

    public JobBuilder Complete() => With(job => job with { Complete = true, FinishedAt = A.Noon.AddMinutes(1) });

    public JobBuilder Failed(string reason = "BackoffLimitExceeded", DateTimeOffset? at = null) =>
        With(job => job with { Failed = true, FailedReason = reason, FailedMessage = "Job has reached the specified backoff limit", FinishedAt = at });

    public JobBuilder Deleting() => With(job => job with { Deleting = true });
}
