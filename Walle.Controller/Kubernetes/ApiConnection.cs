using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using k8s.Authentication;

namespace Walle.Controller.Kubernetes;

/// <summary>
/// GET requests on the transport and the credentials of a Kubernetes client, with the body left unread: what lists and watches are built on.
/// Tokens are refreshed as in the client itself, since its credentials are asked at each request.
/// </summary>
internal sealed class ApiConnection(HttpClient httpClient, Uri baseUri, ServiceClientCredentials? credentials)
{
    private static readonly MediaTypeWithQualityHeaderValue AcceptJson = new(MediaTypeNames.Application.Json);
    private static readonly ProductInfoHeaderValue UserAgent = ProductInfoHeaderValue.Parse(KubernetesClientFactory.UserAgent);

    public ApiConnection(k8s.Kubernetes client)
        : this(client.HttpClient, client.BaseUri, client.Credentials)
    {
    }

    /// <param name="relativeUri">Path and query, without a leading slash.</param>
    public async Task<HttpResponseMessage> GetAsync(string relativeUri, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(baseUri, relativeUri));
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        request.Headers.Accept.Add(AcceptJson);
        request.Headers.UserAgent.Add(UserAgent);
        if (credentials is not null)
            await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        return await httpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }
}
