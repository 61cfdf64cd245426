using System.Text;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Walle.Tests.Chaos.Proxy;

/// <summary>What one rule does to one call on its way back.</summary>
internal sealed class FaultTransformer(ApiCall call, FaultRule? fault, ApiProxy proxy) : HttpTransformer
{
    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        // The server's own name, not the proxy's.
        proxyRequest.Headers.Host = null;
    }

    /// <returns>False: the body has been dealt with here.</returns>
    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null || !await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken))
            return false;
        if (call.IsWatch && proxyResponse.IsSuccessStatusCode)
        {
            await httpContext.Response.StartAsync(cancellationToken);
            await new WatchRelay(fault, TimeProvider.System).RelayAsync(await proxyResponse.Content.ReadAsStreamAsync(cancellationToken), httpContext.Response, cancellationToken);
            return false;
        }

        if (!call.IsMutating && fault is null)
            return true;
        // Not to be broken off by a client that is killed meanwhile: the server has been asked.
        var body = await proxyResponse.Content.ReadAsByteArrayAsync(CancellationToken.None);
        if (call.IsMutating)
            proxy.Record(call, (int)proxyResponse.StatusCode, Encoding.UTF8.GetString(body));
        switch (fault?.Action)
        {
            case FaultAction.KillAfter:
                await proxy.KillAsync();
                httpContext.Abort();
                return false;
            case FaultAction.DropAfter:
                httpContext.Abort();
                return false;
            case FaultAction.CutBody:
                await httpContext.Response.Body.WriteAsync(body.AsMemory(0, Math.Min(fault.Count, body.Length)), cancellationToken);
                await httpContext.Response.Body.FlushAsync(cancellationToken);
                httpContext.Abort();
                return false;
            default:
                await httpContext.Response.Body.WriteAsync(body, cancellationToken);
                return false;
        }
    }
}
