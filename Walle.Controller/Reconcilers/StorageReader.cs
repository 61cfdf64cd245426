using k8s;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline.Selection;

namespace Walle.Controller.Reconcilers;

/// <summary>
/// What the cluster's storage can do. Asked again after a minute: classes change once in months, and a preview that is a minute old says so in time. A
/// right that is missing costs the preview this knowledge and nothing else: the BackupJobs find out themselves.
/// </summary>
internal sealed class StorageReader(IKubernetes kubernetes, SourceReader source, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private static readonly StorageFacts Unknown = new(new Dictionary<string, string>(), []);
    private readonly SemaphoreSlim _one = new(1);
    private (StorageFacts Facts, long At)? _last;

    public async Task<StorageFacts> ReadAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_last is not { } last || time.GetElapsedTime(last.At) >= Fresh)
                _last = last = (await AskAsync(cancellationToken), time.GetTimestamp());
            return last.Facts;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<StorageFacts> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            var classes = await kubernetes.StorageV1.ListStorageClassAsync(cancellationToken: cancellationToken);
            return new StorageFacts(classes.Items.ToDictionary(found => found.Metadata.Name, found => found.Provisioner), await source.ListSnapshotClassesAsync(cancellationToken));
        }
        catch (Exception exception) when (ApiError.From(exception, cancellationToken) is { Class: ApiErrorClass.Forbidden })
        {
            return Unknown;
        }
    }
}
