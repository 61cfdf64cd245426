using System.Collections;
using System.Reflection;
using k8s.Exceptions;
using Microsoft.Extensions.Logging;
using Walle.Controller;
using Walle.Controller.Controllers;
using Walle.Controller.Diagnostics;
using Walle.Controller.Hosting;
using Walle.Controller.Informers;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Queue;
using Walle.Controller.Reconcilers;

// Exit codes: 0 after a stop that was asked for, 1 after a fault, 2 for options that are wrong.
const int InvalidOptions = 2;

if (args is ["--help" or "-h"])
{
    Console.Out.Write(OptionsReader.Help);
    return 0;
}

try
{
    var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "");
    return await RunAsync(OptionsReader.Read(args, variables, AppContext.BaseDirectory));
}
catch (InvalidOptionsException invalid)
{
    Console.Error.WriteLine(invalid.Message);
    return InvalidOptions;
}

static async Task<int> RunAsync(ControllerOptions options)
{
    var time = TimeProvider.System;
    using var loggers = ControllerLogging.Create(options);
    // Before any instrument counts: it does not know what was counted without it.
    using var metrics = new PrometheusMetrics(WalleMeter.Name, "System.Runtime");
    using var meter = WalleMeter.Create();
    ControllerLogging.LogOptions(loggers.CreateLogger("Walle"), typeof(ControllerOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown", options);

    // A client of its own for the Lease: its renewals wait neither behind other requests nor for their retries, and the fence is not in their way.
    using var leaseClient = Connect(options);
    using var election = Election(options, leaseClient, meter, time, loggers);
    using var resilience = new ApiResilienceHandler(new ApiResilienceOptions(), meter, time, loggers.CreateLogger<ApiResilienceHandler>());
    using var fence = new LeaderFenceHandler(election);
    using var client = Connect(options, resilience, fence);

    var informers = new ClusterInformers(new InformerFactory(new ApiConnection(client), NullIfEmpty(options.Namespace), InformerOptions.Default, new InformerMetrics(meter), time, loggers));
    using var queue = new RateLimitingQueue<ReconcileRequest>(new RateLimitingQueueOptions(), time, new QueueMetrics<ReconcileRequest>(meter, time, request => request.Kind));
    BackupJobHandlers.Register(informers, queue);
    _ = new BackupJobMetrics(meter, informers.BackupJobs);

    var listers = new BackupListers(informers.BackupJobs, informers.Claims, informers.Snapshots, informers.Jobs, informers.Pods);
    var snapshots = new VolumeSnapshotClient(client);
    var backupJobs = new BackupJobClient(client);
    var settings = new WorkerSettings(options.WorkerImage, options.WorkerImagePullPolicy, options.ClusterName);
    var reconciler = new BackupJobReconciler(
        listers,
        new BackupGatherer(listers, new SourceReader(client, snapshots), new LeftoverReader(client, snapshots), settings, time),
        new BackupActions(client, backupJobs, snapshots, new InitializationLease(client, options.LeaseNamespace, time), listers),
        backupJobs,
        new EventRecorder(client, time, loggers.CreateLogger<EventRecorder>()),
        new OwnWrites(time),
        loggers.CreateLogger<BackupJobReconciler>());
    var workers = new ReconcileWorkers(queue, [reconciler], new ReconcileOptions { Workers = options.Workers }, new ReconcileMetrics(meter), time, loggers.CreateLogger<ReconcileWorkers>());

    var endpoints = new List<HostedLoop>();
    using var host = new ControllerHost(
        endpoints,
        [.. informers.All.Select(informer => new HostedInformer(informer.Kind, informer.RunAsync, () => informer.HasSynced))],
        election,
        workers.RunAsync,
        time,
        loggers.CreateLogger<ControllerHost>());
    var health = new HealthEndpoint(
        [.. informers.All.Select(informer => new HealthCheck($"informer {informer.Kind}", () => informer.IsAlive ? null : "its loop is stuck")),
            new HealthCheck("workers", () => workers.StuckRequest() is { } stuck ? $"{stuck.Kind} {stuck.Name} does not come back" : null)],
        host.ReadyChecks);
    using var healthPort = Endpoint("health", options.HealthPort, health.Answer, endpoints, time, loggers);
    using var metricsPort = Endpoint("metrics", options.MetricsPort, path => path == "/metrics" ? new HttpAnswer(200, metrics.Write(), PrometheusMetrics.ContentType) : null, endpoints, time, loggers);

    using var shutdown = new ShutdownSignal();
    return await host.RunAsync(shutdown.Token);
}

static k8s.Kubernetes Connect(ControllerOptions options, params DelegatingHandler[] handlers)
{
    try
    {
        return KubernetesClientFactory.Create(NullIfEmpty(options.Kubeconfig), NullIfEmpty(options.Context), handlers);
    }
    catch (Exception error) when (error is KubeConfigException or IOException or UnauthorizedAccessException or YamlDotNet.Core.YamlException)
    {
        throw new InvalidOptionsException([$"no cluster to connect to: {error.Message}; set KUBECONFIG, --kubeconfig or --context"]);
    }
}

static ILeaderElection Election(ControllerOptions options, k8s.Kubernetes client, System.Diagnostics.Metrics.Meter meter, TimeProvider time, ILoggerFactory loggers)
{
    if (!options.LeaderElection)
        return new NoLeaderElection();
    return new LeaderElection(
        new LeaderElectionOptions { Namespace = options.LeaseNamespace, Name = options.LeaseName, Identity = LeaderElectionOptions.OwnIdentity() },
        new KubernetesLeaseClient(client, options.LeaseNamespace, options.LeaseName), meter, time, loggers.CreateLogger<LeaderElection>());
}

static HttpEndpoint? Endpoint(string name, int port, Func<string, HttpAnswer?> answer, List<HostedLoop> endpoints, TimeProvider time, ILoggerFactory loggers)
{
    if (port == 0)
        return null;
    var endpoint = new HttpEndpoint(port, answer, time, loggers.CreateLogger<HttpEndpoint>());
    endpoints.Add(new HostedLoop(name, endpoint.RunAsync));
    return endpoint;
}

static string? NullIfEmpty(string value) => value.Length == 0 ? null : value;
