namespace Walle.Controller.Informers;

/// <summary>Names of the stores' indexes.</summary>
internal static class IndexNames
{
    /// <summary>Children by the UID of the BackupJob that they belong to (label <c>ros.io/owner-uid</c>).</summary>
    public const string OwnerUid = "ownerUid";

    /// <summary>BackupJobs by <c>namespace/secret</c> of their repository.</summary>
    public const string Repository = "repository";
}
