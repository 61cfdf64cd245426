using k8s;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>Everything of groupsnapshot.storage.k8s.io, on a cluster that has it.</summary>
internal sealed class GroupSnapshotObjects
{
    private readonly List<Func<CancellationToken, Task>> _runs = [];
    private readonly List<Task> _synced = [];
    private readonly IKubernetes _kubernetes;
    private readonly Action<string> _report;

    public GroupSnapshotObjects(IKubernetes kubernetes, Action<ObjectKey> changed, Action<string> report)
    {
        (_kubernetes, _report) = (kubernetes, report);
        (Groups, GroupWriter) = Make<VolumeGroupSnapshot>(changed);
        (Contents, ContentWriter) = Make<VolumeGroupSnapshotContent>(changed);
        (Classes, _) = Make<VolumeGroupSnapshotClass>(_ => { });
    }

    public ObjectCache<VolumeGroupSnapshot> Groups { get; }

    public ObjectWriter<VolumeGroupSnapshot> GroupWriter { get; }

    public ObjectCache<VolumeGroupSnapshotContent> Contents { get; }

    public ObjectWriter<VolumeGroupSnapshotContent> ContentWriter { get; }

    public ObjectCache<VolumeGroupSnapshotClass> Classes { get; }

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
