using System.Diagnostics.Metrics;
using k8s;
using k8s.Exceptions;
using Microsoft.Extensions.Logging;
using Walle.Controller.Controllers;
using Walle.Controller.Diagnostics;
using Walle.Controller.Exec;
using Walle.Controller.Hosting;
using Walle.Controller.Informers;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Slots;
using Walle.Controller.Queue;
using Walle.Controller.Reconcilers;
using Walle.Controller.Reconcilers.Hooks;
using Walle.Controller.Scheduling;
using Walle.Crds;

namespace Walle.Controller;

/// <summary>Puts the controller together: options -> client -> informers -> queue -> reconcilers -> workers -> host.</summary>
internal static class Composition
{
    public static async Task<int> RunAsync(ControllerOptions options, string version, TimeProvider time, CancellationToken cancellationToken)
    {
        using var loggers = ControllerLogging.Create(options);
        ControllerLogging.LogOptions(loggers.CreateLogger("Walle.Controller"), version, options);

        // First of all: it does not know what was counted before it.
        using var prometheus = new PrometheusMetrics(WalleMeter.Name, "System.Runtime");
        using var meter = WalleMeter.Create();

        // A client of its own for the Lease: its renewals wait neither behind other requests nor for their retries.
        using var leaseClient = Connect(options);
        using var election = Election(options, leaseClient, meter, time, loggers);
        using var client = Connect(
            options,
            new ApiResilienceHandler(new ApiResilienceOptions(), meter, time, loggers.CreateLogger<ApiResilienceHandler>()),
            new LeaderFenceHandler(election));

        var watchedNamespace = options.Namespace.Length == 0 ? null : options.Namespace;
        // And one for commands in Pods, each of which holds a connection as long as it runs.
        using var execClient = Connect(options);
        var informers = new ClusterInformers(new InformerFactory(new ApiConnection(client), watchedNamespace, InformerOptions.Default, new InformerMetrics(meter), time, loggers));
        _ = new BackupMetrics(meter, informers.BackupJobs);
        using var queue = new RateLimitingQueue<ReconcileRequest>(new RateLimitingQueueOptions(), time, new QueueMetrics<ReconcileRequest>(meter, time, request => request.Kind), request => request.Group);
        var slots = new SlotLedger(Limits(options), queue, time);
        informers.BackupJobs.AddHandler(slots.Observe);
        informers.Schedules.AddHandler(slots.Observe);
        informers.RestoreJobs.AddHandler(slots.Observe);
        BackupJobHandlers.Register(informers, queue);
        ScheduleHandlers.Register(informers, queue);
        RestoreJobHandlers.Register(informers, queue);
        _ = new ScheduleMetrics(meter, informers.Schedules, slots);
        using var clock = new TickTimer<ReconcileRequest>(time, queue.Add);
        var snapshots = new VolumeSnapshotClient(client);
        var source = new SourceReader(client, snapshots);
        using var storage = new StorageReader(client, source, time);
        using var hooks = Hooks(client, execClient, queue, meter, time, loggers);
        var workers = new ReconcileWorkers(
            queue,
            [
                BackupJobs(options, client, informers, slots, source, hooks, time, loggers),
                Schedules(options, client, informers, slots, source, storage, clock, time, loggers),
                RestoreJobs(options, client, informers, source, time, loggers),
            ],
            new ReconcileOptions { Workers = options.Workers },
            new ReconcileMetrics(meter),
            time,
            loggers.CreateLogger<ReconcileWorkers>());

        List<HostedLoop> endpoints = [];
        using var host = new ControllerHost(
            endpoints,
            [.. informers.All.Select(informer => new HostedInformer(informer.Kind, informer.RunAsync, () => informer.HasSynced))],
            election,
            workers.RunAsync,
            time,
            loggers.CreateLogger<ControllerHost>());
        var health = new HealthEndpoint(LiveChecks(informers, workers), host.ReadyChecks);
        using var healthEndpoint = Endpoint(options.HealthPort, health.Answer);
        using var metricsEndpoint = Endpoint(
            options.MetricsPort, path => path == "/metrics" ? new HttpAnswer(200, prometheus.Write(), PrometheusMetrics.ContentType) : null);
        if (healthEndpoint is not null)
            endpoints.Add(new HostedLoop("health endpoint", healthEndpoint.RunAsync));
        if (metricsEndpoint is not null)
            endpoints.Add(new HostedLoop("metrics endpoint", metricsEndpoint.RunAsync));
        return await host.RunAsync(cancellationToken);

        HttpEndpoint? Endpoint(int port, Func<string, HttpAnswer?> answer) =>
            port == 0 ? null : new HttpEndpoint(port, answer, time, loggers.CreateLogger<HttpEndpoint>());
    }

    private static k8s.Kubernetes Connect(ControllerOptions options, params DelegatingHandler[] handlers)
    {
        try
        {
            return KubernetesClientFactory.Create(
                options.Kubeconfig.Length == 0 ? null : options.Kubeconfig, options.Context.Length == 0 ? null : options.Context, handlers);
        }
        catch (Exception error) when (error is KubeConfigException or IOException or UnauthorizedAccessException or YamlDotNet.Core.YamlException)
        {
            throw new InvalidOptionsException([$"no cluster to connect to: {error.Message.TrimEnd('.')}; set KUBECONFIG, --kubeconfig or --context"]);
        }
    }

    private static ILeaderElection Election(ControllerOptions options, IKubernetes client, Meter meter, TimeProvider time, ILoggerFactory loggers)
    {
        if (!options.LeaderElection)
            return new NoLeaderElection();

        var lease = new LeaderElectionOptions { Namespace = options.LeaseNamespace, Name = options.LeaseName, Identity = LeaderElectionOptions.OwnIdentity() };
        return new LeaderElection(lease, new KubernetesLeaseClient(client, lease.Namespace, lease.Name), meter, time, loggers.CreateLogger<LeaderElection>());
    }

    private static BackupJobReconciler BackupJobs(
        ControllerOptions options, IKubernetes client, ClusterInformers informers, SlotLedger slots, SourceReader source, HookRunner hooks, TimeProvider time, ILoggerFactory loggers)
    {
        var listers = new BackupListers(informers.BackupJobs, informers.Claims, informers.Snapshots, informers.Jobs);
        var snapshots = new VolumeSnapshotClient(client);
        var groups = new VolumeGroupSnapshotClient(client);
        var groupReader = new GroupSnapshotReader(groups, snapshots);
        var backupJobs = new BackupJobClient(client);
        var settings = new WorkerSettings(options.WorkerImage, options.WorkerImagePullPolicy, options.ClusterName);
        var gatherer = new BackupGatherer(
            listers, new WorkerPods(client, informers.Pods), source, new LeftoverReader(client, snapshots, groupReader), groupReader, slots, new HookGatherer(new WorkloadReader(client), hooks), LockHolders(options, client, informers, time), settings, time);
        var actions = new BackupActions(client, backupJobs, snapshots, groups, new InitializationLease(client, options.LeaseNamespace, time), hooks, listers);
        var events = new EventRecorder(client, time, loggers.CreateLogger<EventRecorder>());
        return new BackupJobReconciler(listers, gatherer, actions, backupJobs, events, new OwnWrites(time), new UnwrittenProgress(time), hooks, loggers.CreateLogger<BackupJobReconciler>());
    }

    private static HookRunner Hooks(IKubernetes client, k8s.Kubernetes execClient, RateLimitingQueue<ReconcileRequest> queue, Meter meter, TimeProvider time, ILoggerFactory loggers) => new(
        new HookCommand(client, new PodExecutor(execClient), time),
        name => queue.Add(new ReconcileRequest(ApiGroup.BackupJobKind, name)),
        meter,
        loggers.CreateLogger<HookRunner>());

    private static ScheduleReconciler Schedules(
        ControllerOptions options, IKubernetes client, ClusterInformers informers, SlotLedger slots, SourceReader source, StorageReader storage, TickTimer<ReconcileRequest> clock, TimeProvider time,
        ILoggerFactory loggers)
    {
        var listers = new ScheduleListers(informers.Schedules, informers.BackupJobs, informers.Claims, kind => informers.Workloads[kind].Want(), informers.Jobs);
        var settings = new WorkerSettings(options.WorkerImage, options.WorkerImagePullPolicy, options.ClusterName);
        var maintenance = new MaintenanceGatherer(listers, new WorkerPods(client, informers.Pods), slots, source, LockHolders(options, client, informers, time), settings, time);
        return new ScheduleReconciler(
            listers, new ScheduleGatherer(listers, storage, maintenance, time), new ScheduleActions(client, new BackupJobClient(client), listers), new ScheduleClient(client),
            new EventRecorder(client, time, loggers.CreateLogger<EventRecorder>()), new OwnWrites(time), clock, time, loggers.CreateLogger<ScheduleReconciler>());
    }

    private static RestoreJobReconciler RestoreJobs(ControllerOptions options, IKubernetes client, ClusterInformers informers, SourceReader source, TimeProvider time, ILoggerFactory loggers)
    {
        var listers = new RestoreListers(informers.RestoreJobs, informers.Jobs);
        var restoreJobs = new RestoreJobClient(client);
        var settings = new WorkerSettings(options.WorkerImage, options.WorkerImagePullPolicy, options.ClusterName);
        return new RestoreJobReconciler(
            listers, new RestoreGatherer(listers, new WorkerPods(client, informers.Pods), new TargetReader(client), source, new WorkloadReader(client), LockHolders(options, client, informers, time), settings, time), new RestoreActions(client, restoreJobs, listers), restoreJobs,
            new EventRecorder(client, time, loggers.CreateLogger<EventRecorder>()), new OwnWrites(time), loggers.CreateLogger<RestoreJobReconciler>());
    }

    private static LockHolderReader LockHolders(ControllerOptions options, IKubernetes client, ClusterInformers informers, TimeProvider time) => new(
        informers.BackupJobs, informers.RestoreJobs, informers.Schedules, new WorkerPodReader(client, options.Namespace.Length == 0 ? null : options.Namespace), time);

    private static SlotLimits Limits(ControllerOptions options) => new()
    {
        Cluster = options.MaxBackups,
        Namespace = options.MaxBackupsPerNamespace,
        Repository = options.MaxBackupsPerRepository,
        Node = options.MaxBackupsPerNode,
        StorageClass = options.MaxBackupsPerStorageClass,
    };

    private static List<HealthCheck> LiveChecks(ClusterInformers informers, ReconcileWorkers workers) =>
    [
        .. informers.All.Select(informer => new HealthCheck($"informer {informer.Kind}", () => informer.IsAlive ? null : "its loops make no progress")),
        new HealthCheck("workers", () => workers.StuckRequest() is { } stuck ? $"a worker does not come back from {stuck.Kind} {stuck.Name}" : null),
    ];
}
