namespace Walle.Worker.Restore;

/// <summary>Bytes and inodes of a file system. Some have no fixed number of inodes and say 0.</summary>
internal readonly record struct SpaceOnVolume(long Size, long Free, long Available, long Inodes, long InodesAvailable)
{
    public long Used => Size - Free;
}
