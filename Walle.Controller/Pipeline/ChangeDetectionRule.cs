using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>
/// Strict or ModificationTime? Auto starts Strict. Some drivers copy files into a clone, so that inode and ctime are new each time and restic reads
/// everything again for nothing. A strict run that shows just that (a parent was there, not one file unmodified, next to nothing added) makes the
/// following runs go by size and modification time. No extra restic process and no state but the last run's counters.
/// </summary>
internal static class ChangeDetectionRule
{
    // Of bytes processed; below it, reading everything again found nothing new.
    private const double NothingNewRatio = 0.01;

    public static string Resolve(string? option, PreviousBackup? previous) => (option ?? ChangeDetection.Auto) switch
    {
        ChangeDetection.Auto when previous is not null && (previous.Volume.ChangeDetection == ChangeDetection.ModificationTime || ReadEverythingForNothing(previous.Volume)) => ChangeDetection.ModificationTime,
        ChangeDetection.Auto => ChangeDetection.Strict,
        var chosen => chosen,
    };

    /// <summary>Whether this run reads every file, and the count to store.</summary>
    public static (bool FullRead, int RunsSince) FullRead(int? every, PreviousBackup? previous)
    {
        var since = (previous?.Volume.RunsSinceFullRead ?? -1) + 1;
        return every is > 0 && previous is not null && since >= every ? (true, 0) : (false, since);
    }

    private static bool ReadEverythingForNothing(VolumeStatus volume) =>
        volume is { ParentId: not null, FilesUnmodified: 0, FilesChanged: > 0, FilesNew: 0, BytesProcessed: > 0, RunsSinceFullRead: > 0 }
        && volume.BytesAdded <= volume.BytesProcessed * NothingNewRatio;
}
