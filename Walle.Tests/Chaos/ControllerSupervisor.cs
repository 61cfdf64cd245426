using Walle.Tests.EndToEnd;

namespace Walle.Tests.Chaos;

/// <summary>Starts the controller again whenever it has ended, as kubelet does, but at once.</summary>
internal sealed class ControllerSupervisor : IAsyncDisposable
{
    /// <summary>One that ends so often by itself will not come to anything.</summary>
    private const int MaxOwnExits = 5;

    private readonly ControllerProcess _controller;
    private readonly SemaphoreSlim _oneKiller = new(1);
    private readonly List<int> _exits = [];
    private readonly Task _watching;
    private volatile bool _isStopping;
    private volatile TaskCompletionSource _restarted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ControllerSupervisor(ControllerProcess controller)
    {
        _controller = controller;
        controller.Start();
        _watching = WatchAsync();
    }

    public int Kills { get; private set; }

    /// <summary>Codes with which it ended by itself: not by SIGKILL.</summary>
    public IReadOnlyList<int> OwnExits => [.. _exits.Where(code => code != 128 + 9)];

    public string Log => _controller.Log;

    /// <summary>Of the process that lives now.</summary>
    public int Id => _controller.Id;

    /// <summary>SIGKILL; returns when the next one has been started.</summary>
    public async Task KillAsync()
    {
        await _oneKiller.WaitAsync();
        try
        {
            var restarted = _restarted.Task;
            Kills++;
            await _controller.KillAsync();
            await restarted;
        }
        finally
        {
            _oneKiller.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        await _controller.KillAsync();
        await _watching;
        await _controller.DisposeAsync();
        _oneKiller.Dispose();
    }

    private async Task WatchAsync()
    {
        while (true)
        {
            var code = await _controller.ExitAsync();
            if (_isStopping)
                return;
            _exits.Add(code);
            if (OwnExits.Count == MaxOwnExits)
                return;
            _controller.Start();
            var restarted = _restarted;
            _restarted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            restarted.SetResult();
        }
    }
}
