using k8s;

namespace Walle.Tests.Storage;

/// <summary>
/// Plays external-provisioner, the snapshot controller, csi-snapshotter and a CSI driver for a cluster that has none. Volumes are real, in the node;
/// PersistentVolumes are real CSI ones, mounted by kubelet through the plugin of hack/csi-node. Faults: <see cref="Fault"/>.
/// </summary>
public sealed class StorageDouble : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IKubernetes _kubernetes;
    private readonly StorageNode _node;
    private readonly StorageObjects _objects;
    private readonly KeyQueue _queue;
    private readonly Provisioner _provisioner;
    private readonly SnapshotController _snapshots;
    private readonly SnapshotSidecar _sidecar;
    private readonly EventRecorder _events;
    private readonly Action<string> _report;
    private readonly SemaphoreSlim _oneInstaller = new(1);
    private Task _running = Task.CompletedTask;
    private Task _runningGroups = Task.CompletedTask;
    private (GroupSnapshotObjects Objects, GroupSnapshotController Controller)? _groups;

    private StorageDouble(IKubernetes kubernetes, INodeShell shell, Action<string> report)
    {
        _kubernetes = kubernetes;
        _node = new StorageNode(shell);
        // What fails while the cluster goes away under it is nobody's concern.
        var stopped = _stop.Token;
        void Say(string line)
        {
            if (!stopped.IsCancellationRequested)
                report(line);
        }

        _report = Say;
        _queue = new KeyQueue(SyncAsync, Say, stopped);
        _objects = new StorageObjects(kubernetes, OnChanged, Say);
        var events = _events = new EventRecorder(kubernetes, Say);
        _provisioner = new Provisioner(_objects, _node, new SnapshotSource(_objects), events);
        _snapshots = new SnapshotController(_objects, events, (@namespace, name) => _groups?.Objects.Groups.Get(@namespace, name) is not null);
        _sidecar = new SnapshotSidecar(_objects, _node, events);
    }

    /// <summary>The one of this test run, on the tests' cluster; starts on first use.</summary>
    public static Task<StorageDouble> GetAsync() => SharedStorage.GetAsync();

    /// <summary>Ready when it returns: classes made, plugin registered with kubelet, everything that is there already seen.</summary>
    /// <param name="report">Progress, and what goes wrong with single objects.</param>
    public static async Task<StorageDouble> StartAsync(IKubernetes kubernetes, INodeShell shell, Action<string> report, CancellationToken cancel = default)
    {
        var storage = new StorageDouble(kubernetes, shell, report);
        try
        {
            await Task.WhenAll(storage._node.InstallAsync(), FileSystemTools.EnsureAsync(shell), CsiNodePlugin.StartAsync(kubernetes, shell, report, cancel), StorageClasses.EnsureAsync(storage._objects, kubernetes, cancel));
            storage._running = storage._objects.RunAsync(storage._stop.Token);
            await storage._objects.Synced.WaitAsync(cancel);
            return storage;
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on also the VolumeGroupSnapshots of <see cref="StorageNames.GroupDriver"/>: their kinds have been installed.</summary>
    public async Task ServeGroupsAsync(CancellationToken cancel = default)
    {
        await _oneInstaller.WaitAsync(cancel);
        try
        {
            if (_groups is not null)
                return;
            var groups = new GroupSnapshotObjects(_kubernetes, OnChanged, _report);
            _groups = (groups, new GroupSnapshotController(_objects, groups, _node, _events));
            _runningGroups = groups.RunAsync(_stop.Token);
            await groups.Synced.WaitAsync(cancel);
        }
        finally
        {
            _oneInstaller.Release();
        }
    }

    /// <summary>The folder in the node that holds the files of a bound PVC. For the node's shell; Pods mount the PVC.</summary>
    public async Task<string> VolumePathAsync(string namespaceName, string claimName)
    {
        var claim = await _kubernetes.CoreV1.ReadNamespacedPersistentVolumeClaimAsync(claimName, namespaceName);
        if (claim.Status?.Phase != "Bound")
            throw new InvalidOperationException($"PVC {namespaceName}/{claimName} is {claim.Status?.Phase}, not Bound: it has no volume yet");
        var volume = await _kubernetes.CoreV1.ReadPersistentVolumeAsync(claim.Spec.VolumeName);
        return StorageNode.VolumePath(volume.Spec.Csi.VolumeHandle);
    }

    /// <summary>What the storage system still holds for a namespace.</summary>
    public Task<StorageLeftOvers> LeftOversAsync(string namespaceName) => _node.LeftOversAsync(namespaceName);

    /// <summary>For a snapshot that a class with deletionPolicy Retain has left behind.</summary>
    public Task RemoveSnapshotAsync(string handle) => _node.DeleteSnapshotAsync(handle);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _runningGroups.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _oneInstaller.Dispose();
        _stop.Dispose();
    }

    private async Task<TimeSpan?> SyncAsync(ObjectKey key, CancellationToken cancel)
    {
        switch (key.Kind)
        {
            case "PersistentVolumeClaim":
                return await _provisioner.SyncClaimAsync(key.Namespace, key.Name, cancel);
            case "PersistentVolume":
                return await _provisioner.SyncVolumeAsync(key.Name, cancel);
            case "VolumeSnapshot":
                await _snapshots.SyncAsync(key.Namespace, key.Name, cancel);
                return null;
            case "VolumeSnapshotContent":
                return await _sidecar.SyncAsync(key.Name, cancel);
            case "VolumeGroupSnapshot" when _groups is { } groups:
                return await groups.Controller.SyncAsync(key.Namespace, key.Name, cancel);
            case "VolumeGroupSnapshotContent" when _groups is { } groups:
                await groups.Controller.SyncContentAsync(key.Name, cancel);
                return null;
            default:
                return null;
        }
    }

    private void OnChanged(ObjectKey key)
    {
        _queue.Add(key);
        foreach (var other in StorageNeighbours.Of(key, _objects))
            _queue.Add(other);
    }
}
