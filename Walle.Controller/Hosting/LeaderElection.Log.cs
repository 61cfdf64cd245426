using System.Net;
using k8s.Autorest;
using Microsoft.Extensions.Logging;

namespace Walle.Controller.Hosting;

internal sealed partial class LeaderElection
{
    private void LogTrouble(Exception error, TimeSpan timeout)
    {
        var code = (error as HttpOperationException)?.Response?.StatusCode;
        var trouble = code?.ToString() ?? error.GetType().Name;
        if (trouble == _lastTrouble && _time.GetElapsedTime(_lastTroubleAt) < LogEvery)
            return;

        _lastTrouble = trouble;
        _lastTroubleAt = _time.GetTimestamp();
        switch (code)
        {
            case HttpStatusCode.Forbidden:
                LogForbidden(_options.Namespace);
                break;
            case HttpStatusCode.NotFound:
                LogNamespaceMissing(_options.Namespace);
                break;
            case HttpStatusCode.Conflict:
                LogRace(_options.Namespace, _options.Name);
                break;
            case null when error is OperationCanceledException:
                LogFailed(_options.Namespace, _options.Name, $"no answer within {timeout.TotalSeconds:0.#} s");
                break;
            default:
                LogFailed(_options.Namespace, _options.Name, code is null ? error.Message : $"{(int)code} {code}");
                break;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Waiting for Lease {Namespace}/{Name} as {Identity}")]
    private partial void LogWaiting(string @namespace, string name, string identity);

    [LoggerMessage(2, LogLevel.Information, "Leading: holding Lease {Namespace}/{Name}")]
    private partial void LogAcquired(string @namespace, string name);

    [LoggerMessage(3, LogLevel.Error, "Lease {Namespace}/{Name} is lost, last seen with {Holder}; the process ends, so that it can start anew")]
    private partial void LogLost(string @namespace, string name, string? holder);

    [LoggerMessage(4, LogLevel.Information, "Lease {Namespace}/{Name} released")]
    private partial void LogReleased(string @namespace, string name);

    [LoggerMessage(5, LogLevel.Warning, "The Lease was not released ({Error}); the next leader waits up to {Seconds} s for it")]
    private partial void LogNotReleased(string error, double seconds);

    [LoggerMessage(6, LogLevel.Error,
        "Not allowed to use Leases. In namespace {Namespace} the controller's ServiceAccount needs a Role with: apiGroups [coordination.k8s.io], resources [leases], "
        + "verbs [get, create, update] (manifests/base/rbac.yaml has it). For a single controller, --leader-election=false goes without")]
    private partial void LogForbidden(string @namespace);

    [LoggerMessage(7, LogLevel.Error, "Namespace {Namespace}, where the Lease should be, does not exist. Create it, or name another one with --lease-namespace")]
    private partial void LogNamespaceMissing(string @namespace);

    [LoggerMessage(8, LogLevel.Debug, "Another candidate was faster with Lease {Namespace}/{Name}")]
    private partial void LogRace(string @namespace, string name);

    [LoggerMessage(9, LogLevel.Warning, "Lease {Namespace}/{Name} could be neither read nor renewed: {Error}")]
    private partial void LogFailed(string @namespace, string name, string error);
}
