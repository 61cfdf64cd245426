using System.Collections.Concurrent;
using System.Globalization;
using k8s;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>All objects of a kind in the cluster, kept by list and watch.</summary>
internal sealed class ObjectCache<T>(GenericClient client, Action<T> changed, Action<string> report)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentDictionary<string, T> _objects = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Synced => _synced.Task;

    public IEnumerable<T> All => _objects.Values;

    public T? Get(string? namespaceName, string? name) => _objects.GetValueOrDefault($"{namespaceName}/{name}");

    /// <summary>What the API server answered to a write of ours: the next look must not see less than that.</summary>
    public void Put(T written)
    {
        var key = KeyOf(written);
        if (_objects.TryGetValue(key, out var known) && known.Metadata.Uid == written.Metadata.Uid && VersionOf(written) > VersionOf(known))
            _objects.TryUpdate(key, written, known);
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ListAsync(stop);
                _synced.TrySetResult();
                using var cut = CancellationTokenSource.CreateLinkedTokenSource(stop);
                // Without a resourceVersion a watch begins with everything there is: nothing is lost between the list and it.
                await foreach (var (type, item) in client.WatchAsync<T>(_ => cut.Cancel(), cut.Token))
                    Apply(type, item);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                report($"watch of {typeof(T).Name}: {e.Message}");
            }
            catch (Exception)
            {
                return;
            }

            await Task.Delay(RetryInterval, TimeProvider.System, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task ListAsync(CancellationToken stop)
    {
        var list = await client.ListAsync<ObjectList<T>>(cancel: stop);
        var present = list.Items.Select(KeyOf).ToHashSet(StringComparer.Ordinal);
        foreach (var item in list.Items)
            Apply(WatchEventType.Modified, item);
        foreach (var gone in _objects.Where(known => !present.Contains(known.Key)))
            Apply(WatchEventType.Deleted, gone.Value);
    }

    private void Apply(WatchEventType type, T item)
    {
        if (type is WatchEventType.Bookmark or WatchEventType.Error)
            return;
        var key = KeyOf(item);
        if (type == WatchEventType.Deleted)
            _objects.TryRemove(key, out _);
        else
            _objects.AddOrUpdate(key, item, (_, known) => known.Metadata.Uid != item.Metadata.Uid || VersionOf(item) >= VersionOf(known) ? item : known);
        changed(item);
    }

    private static string KeyOf(T item) => $"{item.Metadata.NamespaceProperty}/{item.Metadata.Name}";

    private static long VersionOf(T item) => long.TryParse(item.Metadata.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
