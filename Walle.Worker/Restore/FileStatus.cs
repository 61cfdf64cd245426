namespace Walle.Worker.Restore;

/// <summary>Type and mode bits, owner, and the time of the last change of content.</summary>
internal readonly record struct FileStatus(int Mode, uint User, uint Group, long Seconds, uint Nanoseconds);
