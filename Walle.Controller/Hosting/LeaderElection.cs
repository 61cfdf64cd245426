using System.Diagnostics.Metrics;
using System.Net;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Walle.Controller.Hosting;

/// <summary>
/// Leader election over a Lease, by observation: a Lease is free when it did not change for its duration on <em>this</em> process's monotonic clock.
/// The times in it are for people; no other machine's clock is ever believed.
/// Ported semantics: https://github.com/kubernetes/client-go/blob/master/tools/leaderelection/leaderelection.go
/// Not KubernetesClient's LeaderElector: that one leaves a renewal running after it gave up, compares identities only, and says nothing when the
/// API server refuses it (kubernetes-client/csharp issues 1467, 1593; research/models.md 5.4).
/// </summary>
internal sealed partial class LeaderElection : ILeaderElection
{
    /// <summary>The same trouble is not logged again every two seconds.</summary>
    private static readonly TimeSpan LogEvery = TimeSpan.FromMinutes(1);

    /// <summary>Candidates that wait for the same moment come one after the other.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromMilliseconds(500);

    private readonly LeaderElectionOptions _options;
    private readonly ILeaseClient _leases;
    private readonly TimeProvider _time;
    private readonly ILogger<LeaderElection> _logger;
    private readonly CancellationTokenSource _lost = new();
    private readonly long _origin;

    /// <summary>The Lease as last seen, and when it was first seen so.</summary>
    private V1Lease? _observed;
    private long _observedAt;

    /// <summary>
    /// In ticks since <see cref="_origin"/>, when the last successful renewal was <em>sent</em>; negative while not holding. Others count from when they
    /// see it, which is later.
    /// </summary>
    private long _renewedTicks = -1;

    private string? _lastTrouble;
    private long _lastTroubleAt;

    public LeaderElection(LeaderElectionOptions options, ILeaseClient leases, Meter meter, TimeProvider time, ILogger<LeaderElection> logger)
    {
        if (options.RenewDeadline >= options.LeaseDuration || options.RetryPeriod >= options.RenewDeadline)
            throw new ArgumentException("retry period < renew deadline < lease duration", nameof(options));
        _options = options;
        _leases = leases;
        _time = time;
        _logger = logger;
        _origin = time.GetTimestamp();
        meter.CreateObservableGauge("walle_leader", () => IsLeader ? 1 : 0, description: "1 in the controller that holds the Lease.");
    }

    public bool IsLeader => SinceRenewal() is { } since && since < _options.RenewDeadline;

    public CancellationToken Lost => _lost.Token;

    public void ThrowIfNotLeader()
    {
        if (!IsLeader)
            throw new LeadershipLostException($"Lease {_options.Namespace}/{_options.Name} was not renewed for {_options.RenewDeadline.TotalSeconds} s: another controller may lead");
    }

    public async Task AcquireAsync(CancellationToken cancellationToken)
    {
        LogWaiting(_options.Namespace, _options.Name, _options.Identity);
        while (!await TryAsync(_options.AttemptTimeout, cancellationToken))
        {
            // Jitter as in client-go: candidates that started together must not collide for ever.
            var pause = _options.RetryPeriod * (1 + (1.2 * Random.Shared.NextDouble()));
            // Nor must an application that the dead holder has left frozen wait for a whole pause more than the Lease lasts.
            await Task.Delay(UntilExpired() is { } left ? Min(pause, left + (Spread * Random.Shared.NextDouble())) : pause, _time, cancellationToken);
        }

        LogAcquired(_options.Namespace, _options.Name);
    }

    public async Task HoldAsync(CancellationToken cancellationToken)
    {
        try
        {
            var wait = _options.RetryPeriod;
            while (true)
            {
                await Task.Delay(Min(wait, Remaining()), _time, cancellationToken);
                if (Remaining() <= TimeSpan.Zero)
                    break;

                var renewed = await TryAsync(Min(_options.AttemptTimeout, Remaining()), cancellationToken);
                if (!renewed && HeldByOther())
                    break;

                // Sooner after a failure: the last attempt before the deadline should not be long before it.
                wait = renewed ? _options.RetryPeriod : _options.RetryPeriod / 2;
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }

        Interlocked.Exchange(ref _renewedTicks, -1);
        LogLost(_options.Namespace, _options.Name, _observed?.Spec?.HolderIdentity);
        await _lost.CancelAsync();
        throw new LeadershipLostException($"Lease {_options.Namespace}/{_options.Name} is lost; its holder was last seen to be {_observed?.Spec?.HolderIdentity}");
    }

    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _renewedTicks, -1) < 0)
            return;

        var lease = _observed;
        try
        {
            // A second time after a conflict: somebody may have labelled the Lease meanwhile.
            for (var attempt = 0; attempt < 3 && lease?.Spec?.HolderIdentity == _options.Identity; attempt++)
            {
                try
                {
                    await _leases.UpdateAsync(LeaseRecords.Released(lease, _time.GetUtcNow()), cancellationToken);
                    LogReleased(_options.Namespace, _options.Name);
                    return;
                }
                catch (HttpOperationException error) when (error.Response?.StatusCode == HttpStatusCode.Conflict)
                {
                    lease = await _leases.GetAsync(cancellationToken);
                }
            }
        }
        catch (Exception error) when (error is HttpOperationException or HttpRequestException or OperationCanceledException)
        {
            // The others wait for the Lease's duration, as after a crash.
            LogNotReleased(error.Message, _options.LeaseDuration.TotalSeconds);
        }
    }

    public void Dispose() => _lost.Dispose();

    /// <summary>One attempt to get or to renew; false when it failed or the Lease is another's. What fails is logged here.</summary>
    private async Task<bool> TryAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var attempt = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(attempt.Token, cancellationToken);
        try
        {
            var acquired = await AcquireOrRenewAsync(either.Token);
            _lastTrouble = null;
            return acquired;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogTrouble(error, timeout);
            return false;
        }
    }

    private async Task<bool> AcquireOrRenewAsync(CancellationToken cancellationToken)
    {
        if (IsLeader && _observed is { } held)
        {
            // The leader's own copy is current unless somebody changed or deleted the Lease: one call, not two.
            try
            {
                return await WriteAsync(LeaseRecords.Renewed(held, _options, _time.GetUtcNow()), _leases.UpdateAsync, cancellationToken);
            }
            catch (HttpOperationException error) when (error.Response?.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
            {
            }
        }

        var lease = await _leases.GetAsync(cancellationToken);
        if (lease is null)
            return await WriteAsync(LeaseRecords.New(_options, _time.GetUtcNow()), _leases.CreateAsync, cancellationToken);

        Observe(lease);
        if (HeldByOther() && _time.GetElapsedTime(_observedAt) < LeaseRecords.Duration(lease, _options.LeaseDuration))
            return false;

        return await WriteAsync(LeaseRecords.Renewed(lease, _options, _time.GetUtcNow()), _leases.UpdateAsync, cancellationToken);
    }

    private async Task<bool> WriteAsync(V1Lease lease, Func<V1Lease, CancellationToken, Task<V1Lease>> write, CancellationToken cancellationToken)
    {
        var sentAt = _time.GetElapsedTime(_origin);
        Observe(await write(lease, cancellationToken));
        Interlocked.Exchange(ref _renewedTicks, sentAt.Ticks);
        return true;
    }

    private void Observe(V1Lease lease)
    {
        // Compared by what a holder writes: a label that somebody changes is no sign of life.
        if (_observed is null || !LeaseRecords.SameRecord(lease, _observed))
            _observedAt = _time.GetTimestamp();
        _observed = lease;
    }

    private bool HeldByOther() => _observed?.Spec?.HolderIdentity is { Length: > 0 } holder && holder != _options.Identity;

    private TimeSpan? SinceRenewal()
    {
        var renewed = Interlocked.Read(ref _renewedTicks);
        return renewed < 0 ? null : _time.GetElapsedTime(_origin) - TimeSpan.FromTicks(renewed);
    }

    /// <summary>Until the leader must give up; never below zero.</summary>
    private TimeSpan Remaining() => SinceRenewal() is { } since && since < _options.RenewDeadline ? _options.RenewDeadline - since : TimeSpan.Zero;

    /// <summary>Until a holder that is not heard of any more is taken for dead; null when there is none, or that moment is past.</summary>
    private TimeSpan? UntilExpired() =>
        _observed is { } lease && HeldByOther() && LeaseRecords.Duration(lease, _options.LeaseDuration) - _time.GetElapsedTime(_observedAt) is var left && left > TimeSpan.Zero ? left : null;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
