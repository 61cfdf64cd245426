using System.Runtime.InteropServices;

namespace Walle.Controller.Hosting;

/// <summary>SIGTERM (kubelet) and SIGINT (Ctrl+C) as a token. The second one ends the process at once, as people expect of a second Ctrl+C.</summary>
internal sealed class ShutdownSignal : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly PosixSignalRegistration[] _registrations;

    public ShutdownSignal() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
    ];

    public CancellationToken Token => _requested.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _requested.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = !_requested.IsCancellationRequested;
        _requested.Cancel();
    }
}
