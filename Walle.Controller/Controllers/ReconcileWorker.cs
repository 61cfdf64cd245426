using Microsoft.Extensions.Logging;
using Walle.Controller.Kubernetes;
using Walle.Controller.Queue;
using Walle.Controller.Reconcilers;

namespace Walle.Controller.Controllers;

/// <summary>One worker. The rules for a result are controller-runtime's: https://pkg.go.dev/sigs.k8s.io/controller-runtime/pkg/reconcile#Reconciler</summary>
internal sealed partial class ReconcileWorker(
    IWorkQueue<ReconcileRequest> queue,
    IReadOnlyDictionary<string, IReconciler> reconcilers,
    ReconcileOptions options,
    ReconcileMetrics metrics,
    TimeProvider time,
    ILogger logger)
{
    private static long _lastReconcileId;

    /// <summary>What is in work, and since when; replaced as a whole, as another thread reads it.</summary>
    private InWork? _inWork;

    public async Task RunAsync(CancellationToken abort, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            ReconcileRequest request;
            try
            {
                (var taken, request) = await queue.GetAsync(cancellationToken);
                if (!taken)
                    return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await ReconcileAsync(request, abort);
            }
            finally
            {
                queue.Done(request);
            }
        }
    }

    /// <summary>The request in work, if it has been for longer than that.</summary>
    public ReconcileRequest? Current(TimeSpan longerThan) =>
        Volatile.Read(ref _inWork) is { } inWork && time.GetElapsedTime(inWork.StartedAt) > longerThan ? inWork.Request : null;

    private async Task ReconcileAsync(ReconcileRequest request, CancellationToken abort)
    {
        var started = time.GetTimestamp();
        Volatile.Write(ref _inWork, new InWork(request, started));
        metrics.Started(request.Kind);
        var result = ReconcileOutcome.Error;
        using var scope = logger.BeginScope(new ReconcileScope(request, Interlocked.Increment(ref _lastReconcileId)));
        try
        {
            result = await ReconcileAndRequeueAsync(request, abort);
        }
        finally
        {
            metrics.Ended(request.Kind, result, time.GetElapsedTime(started));
            Volatile.Write(ref _inWork, null);
        }
    }

    private async Task<string> ReconcileAndRequeueAsync(ReconcileRequest request, CancellationToken abort)
    {
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(abort, timeout.Token);
        try
        {
            var result = await reconcilers[request.Kind].ReconcileAsync(request, either.Token);
            // The back-off ends with the first result that is no error, and with nothing else.
            queue.Forget(request);
            if (result.RequeueAfter is not { } after)
                return ReconcileOutcome.Success;

            queue.AddAfter(request, after);
            return ReconcileOutcome.RequeueAfter;
        }
        catch (Exception) when (abort.IsCancellationRequested)
        {
            // Whatever it is, the cancellation is to blame, and the next leader lists everything.
            return ReconcileOutcome.Cancelled;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            queue.AddRateLimited(request);
            LogTimeout(options.Timeout.TotalSeconds, queue.NumRequeues(request));
            return ReconcileOutcome.Timeout;
        }
        catch (Exception error) when (ApiError.Is(error, ApiErrorClass.Conflict))
        {
            // Not at once: a conflict that no new read resolves would spin.
            queue.AddRateLimited(request);
            LogConflict();
            return ReconcileOutcome.Conflict;
        }
        catch (Exception error)
        {
            queue.AddRateLimited(request);
            LogError(error, queue.NumRequeues(request));
            return ReconcileOutcome.Error;
        }
    }

    [LoggerMessage(10, LogLevel.Error, "Reconcile failed ({Failures} in a row); it is tried again")]
    private partial void LogError(Exception error, int failures);

    [LoggerMessage(11, LogLevel.Warning, "Reconcile took longer than {Seconds} s ({Failures} failures in a row); it is tried again")]
    private partial void LogTimeout(double seconds, int failures);

    [LoggerMessage(12, LogLevel.Information, "The object has been changed by somebody else meanwhile; it is read again")]
    private partial void LogConflict();

    private sealed record InWork(ReconcileRequest Request, long StartedAt);
}
