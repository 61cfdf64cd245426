using System.Net.Http.Headers;
using k8s.Authentication;
using Walle.Crds.Exec;

namespace Walle.Controller.Exec;

/// <summary>
/// Exec on a client that is for nothing else: each command has a connection of its own, and none of them takes one away from lists, watches and writes.
/// </summary>
internal sealed class PodExecutor(HttpClient httpClient, Uri baseUri, ServiceClientCredentials? credentials) : IPodExecutor
{
    public PodExecutor(k8s.Kubernetes client)
        : this(client.HttpClient, client.BaseUri, client.Credentials)
    {
    }

    public async Task<ExecStatus> RunAsync(ExecRequest request, OutputTail output, CancellationToken cancellationToken)
    {
        var address = request.At(baseUri);
        using var socket = await ExecConnection.OpenAsync(SendAsync, address, await AuthorizationAsync(address, cancellationToken), cancellationToken);
        try
        {
            return await ExecSession.RunAsync(socket, (frame, _) =>
            {
                output.Add(frame.Data.Span);
                return ValueTask.CompletedTask;
            }, cancellationToken);
        }
        finally
        {
            // Not closed in due form: a peer that hangs would hang this, too.
            socket.Abort();
        }
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        httpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    /// <summary>Asked for each time: tokens are refreshed.</summary>
    private async Task<AuthenticationHeaderValue?> AuthorizationAsync(Uri address, CancellationToken cancellationToken)
    {
        if (credentials is null)
            return null;
        using var probe = new HttpRequestMessage(HttpMethod.Get, address);
        await credentials.ProcessHttpRequestAsync(probe, cancellationToken);
        return probe.Headers.Authorization;
    }
}
