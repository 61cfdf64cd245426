using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Walle.Crds;

namespace Walle.Worker.Exec;

/// <summary>The API server, by the Pod's own ServiceAccount: its token, and no trust but in the cluster's certificate authority.</summary>
internal sealed class ClusterConnection : IDisposable
{
    private readonly SocketsHttpHandler _handler;
    private readonly HttpMessageInvoker _invoker;
    private readonly string _tokenFile;

    public ClusterConnection(string accountDirectory)
    {
        _tokenFile = Path.Combine(accountDirectory, "token");
        _handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), AllowAutoRedirect = false, UseProxy = false, ConnectCallback = ConnectAsync };
        var authority = Path.Combine(accountDirectory, "ca.crt");
        if (File.Exists(authority))
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(authority);
            _handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        _invoker = new HttpMessageInvoker(_handler, disposeHandler: false);
    }

    /// <summary>Read each time: kubelet renews it.</summary>
    public AuthenticationHeaderValue Authorization => new("Bearer", File.ReadAllText(_tokenFile).Trim());

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _invoker.SendAsync(request, cancellationToken);

    /// <returns>Status code, and the object's UID when it is 200.</returns>
    public async Task<(int StatusCode, string? Uid)> PodUidAsync(Uri server, string @namespace, string pod, CancellationToken cancellationToken)
    {
        var (code, document) = await ReadAsync(server, $"/api/v1/namespaces/{Uri.EscapeDataString(@namespace)}/pods/{Uri.EscapeDataString(pod)}", cancellationToken);
        using (document)
            return (code, document?.RootElement.GetProperty("metadata").GetProperty("uid").GetString());
    }

    /// <returns>Status code; when it is 200, the RestoreJob's UID and which worker may start its command.</returns>
    public async Task<(int StatusCode, string? Uid, string? CommandWorker)> CommandWorkerAsync(Uri server, string @namespace, string restoreJob, CancellationToken cancellationToken)
    {
        var (code, document) = await ReadAsync(
            server, $"/apis/{ApiGroup.Name}/{ApiGroup.Version}/namespaces/{Uri.EscapeDataString(@namespace)}/{ApiGroup.RestoreJobPlural}/{Uri.EscapeDataString(restoreJob)}", cancellationToken);
        using (document)
        {
            if (document is null)
                return (code, null, null);
            var worker = document.RootElement.TryGetProperty("status", out var status) && status.TryGetProperty("commandWorker", out var uid) ? uid.GetString() : null;
            return (code, document.RootElement.GetProperty("metadata").GetProperty("uid").GetString(), worker);
        }
    }

    private async Task<(int StatusCode, JsonDocument? Document)> ReadAsync(Uri server, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server, path));
        request.Headers.Authorization = Authorization;
        using var response = await SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode
            ? (200, await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken))
            : ((int)response.StatusCode, null);
    }

    public void Dispose()
    {
        _invoker.Dispose();
        _handler.Dispose();
    }

    /// <summary>While restic is slow nothing is read and nothing is sent: a peer that vanished then is noticed by TCP's own probes.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 6);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
