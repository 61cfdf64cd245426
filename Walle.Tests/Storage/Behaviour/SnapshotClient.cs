using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>VolumeSnapshots and their relatives, for tests.</summary>
public sealed class SnapshotClient(IKubernetes kubernetes)
{
    private readonly GenericClient _snapshots = Of<VolumeSnapshot>(kubernetes);
    private readonly GenericClient _contents = Of<VolumeSnapshotContent>(kubernetes);
    private readonly GenericClient _classes = Of<VolumeSnapshotClass>(kubernetes);

    public Task<VolumeSnapshot> CreateAsync(VolumeSnapshot snapshot, string namespaceName) => _snapshots.CreateNamespacedAsync(snapshot, namespaceName);

    public Task<VolumeSnapshot?> FindAsync(string namespaceName, string name) => FindAsync(() => _snapshots.ReadNamespacedAsync<VolumeSnapshot>(namespaceName, name));

    public Task DeleteAsync(string namespaceName, string name) => _snapshots.DeleteNamespacedAsync<V1Status>(namespaceName, name);

    public Task<VolumeSnapshotContent?> FindContentAsync(string name) => FindAsync(() => _contents.ReadAsync<VolumeSnapshotContent>(name));

    public async Task<IList<VolumeSnapshotContent>> ContentsAsync() => (await _contents.ListAsync<ObjectList<VolumeSnapshotContent>>()).Items;

    public Task DeleteContentAsync(string name) => _contents.DeleteAsync<V1Status>(name);

    public Task<VolumeSnapshotClass> CreateClassAsync(VolumeSnapshotClass snapshotClass) => _classes.CreateAsync(snapshotClass);

    public Task DeleteClassAsync(string name) => _classes.DeleteAsync<V1Status>(name);

    /// <summary>Every state that a VolumeSnapshot goes through from here on.</summary>
    public IAsyncEnumerable<(WatchEventType Type, VolumeSnapshot Snapshot)> WatchAsync(string namespaceName, CancellationToken cancel) =>
        _snapshots.WatchNamespacedAsync<VolumeSnapshot>(namespaceName, cancel: cancel);

    private static GenericClient Of<T>(IKubernetes kubernetes)
        where T : IKubernetesObject
    {
        var entity = typeof(T).GetKubernetesTypeMetadata();
        return new GenericClient(kubernetes, entity.Group, entity.ApiVersion, entity.PluralName, disposeClient: false);
    }

    private static async Task<T?> FindAsync<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
