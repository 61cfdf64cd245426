namespace Walle.Worker.Restic;

/// <summary>One status line of <c>restic backup --json</c>.</summary>
internal readonly record struct ResticProgress(double Fraction, long FilesDone, long FilesTotal, long BytesDone, long BytesTotal, long Seconds);
