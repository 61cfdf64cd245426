using k8s;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>Everything of the API that storage is made of: what is there, and how it is written.</summary>
internal sealed class StorageObjects
{
    private readonly List<Func<CancellationToken, Task>> _runs = [];
    private readonly List<Task> _synced = [];
    private readonly IKubernetes _kubernetes;
    private readonly Action<string> _report;

    public StorageObjects(IKubernetes kubernetes, Action<ObjectKey> changed, Action<string> report)
    {
        _kubernetes = kubernetes;
        _report = report;
        (Claims, ClaimWriter) = Make<V1PersistentVolumeClaim>(changed);
        (Volumes, VolumeWriter) = Make<V1PersistentVolume>(changed);
        (StorageClasses, StorageClassWriter) = Make<V1StorageClass>(changed);
        (Snapshots, SnapshotWriter) = Make<VolumeSnapshot>(changed);
        (Contents, ContentWriter) = Make<VolumeSnapshotContent>(changed);
        (SnapshotClasses, SnapshotClassWriter) = Make<VolumeSnapshotClass>(changed);
    }

    public ObjectCache<V1PersistentVolumeClaim> Claims { get; }

    public ObjectWriter<V1PersistentVolumeClaim> ClaimWriter { get; }

    public ObjectCache<V1PersistentVolume> Volumes { get; }

    public ObjectWriter<V1PersistentVolume> VolumeWriter { get; }

    public ObjectCache<V1StorageClass> StorageClasses { get; }

    public ObjectWriter<V1StorageClass> StorageClassWriter { get; }

    public ObjectCache<VolumeSnapshot> Snapshots { get; }

    public ObjectWriter<VolumeSnapshot> SnapshotWriter { get; }

    public ObjectCache<VolumeSnapshotContent> Contents { get; }

    public ObjectWriter<VolumeSnapshotContent> ContentWriter { get; }

    public ObjectCache<VolumeSnapshotClass> SnapshotClasses { get; }

    public ObjectWriter<VolumeSnapshotClass> SnapshotClassWriter { get; }

    public Task Synced => Task.WhenAll(_synced);

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(_runs.Select(run => run(stop)));

    private (ObjectCache<T> Cache, ObjectWriter<T> Writer) Make<T>(Action<ObjectKey> changed)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var entity = typeof(T).GetKubernetesTypeMetadata();
        var client = new GenericClient(_kubernetes, entity.Group, entity.ApiVersion, entity.PluralName, disposeClient: false);
        var cache = new ObjectCache<T>(client, item => changed(new ObjectKey(entity.Kind, item.Metadata.NamespaceProperty ?? "", item.Metadata.Name)), _report);
        _runs.Add(cache.RunAsync);
        _synced.Add(cache.Synced);
        return (cache, new ObjectWriter<T>(_kubernetes, client) { Cache = cache });
    }
}
