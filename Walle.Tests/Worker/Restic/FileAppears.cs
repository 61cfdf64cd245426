namespace Walle.Tests.Worker.Restic;

/// <summary>Waits for a file with a full id as its name: a pack or a lock of a repository.</summary>
internal sealed class FileAppears : IDisposable
{
    private readonly FileSystemWatcher _watcher;
    private readonly TaskCompletionSource _appeared = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FileAppears(string folder)
    {
        _watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
        _watcher.Created += (_, e) => Look(e.Name);
        _watcher.Renamed += (_, e) => Look(e.Name);
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>A minute is far more than any test takes.</summary>
    public Task Appeared => _appeared.Task.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);

    public void Dispose() => _watcher.Dispose();

    private void Look(string? name)
    {
        if (Path.GetFileName(name)?.Length == 64)
            _appeared.TrySetResult();
    }
}
