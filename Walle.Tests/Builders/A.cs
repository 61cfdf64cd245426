using Walle.Controller.Pipeline;

namespace Walle.Tests.Builders;

/// <summary>Where a test's objects begin: one BackupJob, "before-upgrade" of claim "data" in namespace "shop", at noon.</summary>
internal static class A
{
    public const string Namespace = "shop";
    public const string ClaimName = "data";
    public const string Uid = "0b7c5c0e-5a55-4d0e-9a6a-4f5a2f6d1c11";
    public const string ClaimUid = "11111111-2222-4333-8444-555555555555";
    public const string SnapshotUid = "22222222-3333-4444-8555-666666666666";
    public const string CloneUid = "33333333-4444-4555-8666-777777777777";
    public const string Driver = "hostpath.csi.k8s.io";
    public const string StorageClass = "fast";
    public const string Secret = "restic-repo";

    /// <summary>Two full restic ids.</summary>
    public const string SnapshotId = "4f0c1d2e4f0c1d2e4f0c1d2e4f0c1d2e4f0c1d2e4f0c1d2e4f0c1d2e4f0c1d2e";
    public const string OldSnapshotId = "aaaa1d2e4f0c1d2e4f0c1d2e4f0c1d2e4f0c1d2e4f0c1d2e4f0c1d2e4f0c1d2e";

    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    public static readonly WorkerSettings Settings = new("walle/worker:dev", "IfNotPresent", "prod-1");

    public static BackupJobBuilder BackupJob() => new();

    /// <summary>The source: Bound, 10Gi.</summary>
    public static ClaimBuilder Claim() => new();

    /// <summary>Its clone: still Pending.</summary>
    public static ClaimBuilder CloneClaim() => new ClaimBuilder().AsClone();

    public static SnapshotBuilder Snapshot() => new();

    public static JobBuilder WorkerJob(int attempt = 1) => new(ResourceNames.BackupJob(Uid, attempt), "backup");

    public static JobBuilder InitJob() => new(ResourceNames.InitJob(Uid), "init");

    /// <summary>A Pod of the first attempt, pending.</summary>
    public static PodBuilder Pod() => new(WorkerJob());

    public static PodBuilder PodOf(JobBuilder job) => new(job);
}
