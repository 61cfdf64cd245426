using NUnit.Framework;
using Walle.Tests.Cluster;

namespace Walle.Tests.Storage;

/// <summary>A cluster test that needs volumes and snapshots.</summary>
public abstract class StorageTest : ClusterTest
{
    protected StorageDouble Storage { get; private set; } = null!;

    [SetUp]
    public async Task StartStorageAsync() => Storage = await SharedStorage.GetAsync();
}
