namespace Walle.Tests.Storage;

/// <summary>A snapshot that exists in the node: when it was cut, and how large a volume restored from it must be.</summary>
internal sealed record SnapshotCut(long UnixNanoseconds, long Bytes);
