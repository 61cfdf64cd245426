using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Walle.Tests.Chaos.Proxy;

/// <summary>
/// Stands between one controller and the API server, knows what each call is, and strikes as a <see cref="FaultPlan"/> says. What it has seen pass is
/// the record of all that the controller did.
/// </summary>
internal sealed class ApiProxy : IAsyncDisposable
{
    private static readonly ForwarderRequestConfig Config = new() { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact, ActivityTimeout = TimeSpan.FromMinutes(10) };

    private readonly ConcurrentQueue<ApiRecord> _effects = new();
    private readonly ConcurrentQueue<ApiCall> _calls = new();
    private readonly FaultPlan _plan;
    private readonly string _target;
    private readonly WebApplication _server;
    private readonly HttpMessageInvoker _client;
    private readonly IHttpForwarder _forwarder;
    private long _lastEffect = TimeProvider.System.GetTimestamp();

    private ApiProxy(KubernetesClientConfiguration server, FaultPlan plan)
    {
        _target = server.Host;
        _plan = plan;
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false, UseCookies = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trust(server.SslCaCerts) },
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddHttpForwarder();
        _server = builder.Build();
        _forwarder = _server.Services.GetRequiredService<IHttpForwarder>();
        _server.Run(HandleAsync);
    }

    /// <summary>For the kubeconfig of the controller.</summary>
    public string Url { get; private set; } = "";

    /// <summary>SIGKILLs the controller and starts it again; set before the plan is armed.</summary>
    public Func<Task> KillAsync { get; set; } = () => throw new InvalidOperationException("there is no controller to kill");

    /// <summary>Writes and commands in Pods, in the order of their answers.</summary>
    public IReadOnlyList<ApiRecord> Effects => [.. _effects];

    /// <summary>Every call that came, whatever became of it.</summary>
    public IReadOnlyList<ApiCall> Calls => [.. _calls];

    /// <summary>How long ago the last call with an effect came, or the proxy was started.</summary>
    public TimeSpan Quiet => TimeProvider.System.GetElapsedTime(_lastEffect);

    public static async Task<ApiProxy> StartAsync(string kubeconfig, FaultPlan plan)
    {
        var proxy = new ApiProxy(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig), plan);
        await proxy._server.StartAsync();
        proxy.Url = proxy._server.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return proxy;
    }

    public void Record(ApiCall call, int status, string answer) => _effects.Enqueue(new ApiRecord(call, status, answer, _plan.IsArmed, TimeProvider.System.GetTimestamp()));

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
        await _server.StopAsync(patience.Token);
        await _server.DisposeAsync();
        _client.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var call = ApiCall.Parse(context.Request.Method, context.Request.Path, context.Request.QueryString.Value ?? "");
        _calls.Enqueue(call);
        if (call.HasEffect)
            _lastEffect = TimeProvider.System.GetTimestamp();
        var fault = _plan.Decide(call);
        switch (fault?.Action)
        {
            case FaultAction.Delay:
                await Task.Delay(fault.Duration, TimeProvider.System, context.RequestAborted);
                break;
            case FaultAction.Answer:
                await AnswerAsync(context, fault);
                return;
            case FaultAction.DropBefore:
                context.Abort();
                return;
            case FaultAction.KillBefore:
                await KillAsync();
                context.Abort();
                return;
        }

        await _forwarder.SendAsync(context, _target, _client, Config, new FaultTransformer(call, fault, this), context.RequestAborted);
        if (!call.HasEffect || call.IsMutating)
            return;
        // A command in a Pod: its connection has ended.
        Record(call, context.Response.StatusCode, "");
        if (fault?.Action == FaultAction.KillAfter)
            await KillAsync();
    }

    private static async Task AnswerAsync(HttpContext context, FaultRule fault)
    {
        context.Response.StatusCode = fault.Status;
        context.Response.ContentType = "application/json";
        if (fault.RetryAfter > 0)
            context.Response.Headers.RetryAfter = $"{fault.RetryAfter}";
        await context.Response.WriteAsync($$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"a fault","reason":"{{ReasonOf(fault.Status)}}","code":{{fault.Status}}}""");
    }

    private static string ReasonOf(int status) => status switch
    {
        403 => "Forbidden",
        409 => "Conflict",
        429 => "TooManyRequests",
        500 => "InternalError",
        504 => "Timeout",
        _ => "ServiceUnavailable",
    };

    private static X509ChainPolicy Trust(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
