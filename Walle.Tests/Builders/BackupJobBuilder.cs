using Walle.Crds;
using Walle.Crds.V1;

namespace Walle.Tests.Builders;

/// <summary>A BackupJob, with the finalizer, unless told otherwise.</summary>
internal sealed class BackupJobBuilder
{
    private BackupJob _job = new()
    {
        ApiVersion = ApiGroup.ApiVersion,
        Kind = ApiGroup.BackupJobKind,
        Metadata = new ObjectMeta
        {
            Name = "before-upgrade",
            Namespace = A.Namespace,
            Uid = A.Uid,
            ResourceVersion = "100",
            Generation = 1,
            CreationTimestamp = A.Noon,
            Finalizers = [WellKnown.Finalizer],
        },
        Spec = new BackupJobSpec
        {
            Source = new BackupSource { Name = A.ClaimName },
            Repository = new RepositorySpec { SecretRef = new SecretReference { Name = A.Secret } },
        },
    };

    public static implicit operator BackupJob(BackupJobBuilder builder) => builder._job;

    public BackupJob Build() => _job;

    public BackupJobBuilder With(Func<BackupJob, BackupJob> change)
    {
        _job = change(_job);
        return this;
    }

    public BackupJobBuilder WithOptions(BackupOptions options) => With(job => job with { Spec = job.Spec with { Options = options } });

    public BackupJobBuilder WithWorker(WorkerOptions worker) => WithOptions(new BackupOptions { Worker = worker });

    public BackupJobBuilder WithSource(BackupSource source) => With(job => job with { Spec = job.Spec with { Source = source } });

    public BackupJobBuilder WithInitialize(string initialize) =>
        With(job => job with { Spec = job.Spec with { Repository = job.Spec.Repository with { Initialize = initialize } } });

    public BackupJobBuilder WithMetadata(Func<ObjectMeta, ObjectMeta> change) => With(job => job with { Metadata = change(job.Metadata) });

    public BackupJobBuilder WithoutFinalizer() => WithMetadata(metadata => metadata with { Finalizers = null });

    public BackupJobBuilder DeletedAt(DateTimeOffset time) => WithMetadata(metadata => metadata with { DeletionTimestamp = time });

    public BackupJobBuilder WithStatus(BackupJobStatus? status) => With(job => job with { Status = status });
}
