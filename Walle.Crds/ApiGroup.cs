namespace Walle.Crds;

/// <summary>Group, version, kinds and plurals of Walle's API: the only place where these strings exist.</summary>
public static class ApiGroup
{
    public const string Name = "ros.io";
    public const string Version = "v1";
    public const string ApiVersion = Name + "/" + Version;

    public const string BackupScheduleKind = "BackupSchedule";
    public const string BackupSchedulePlural = "backupschedules";
    public const string BackupJobKind = "BackupJob";
    public const string BackupJobPlural = "backupjobs";
    public const string RestoreJobKind = "RestoreJob";
    public const string RestoreJobPlural = "restorejobs";
}
