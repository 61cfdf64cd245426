namespace Walle.Worker.Retention;

/// <summary>Whose snapshots retention may forget: those that one schedule of one namespace of one cluster has made.</summary>
/// <param name="Host">Name of the cluster.</param>
/// <param name="Schedule">Name of the BackupSchedule. A backup by hand is nobody's, and stays until somebody forgets it.</param>
/// <param name="VolumeRoot">Of all paths of Walle in the repository.</param>
internal sealed record RetentionScope(string Host, string Namespace, string Schedule, string VolumeRoot);
