using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Walle.Crds.Exec;

/// <summary>
/// Opens the WebSocket of an exec on the caller's own transport: who connects, with which trust and which credentials, is not known here. The
/// handshake is made here and not by ClientWebSocket, which throws away the body of a refusal, and that is where the API server says why.
/// </summary>
public static class ExecConnection
{
    public const string Version4 = "v4.channel.k8s.io";
    public const string Version5 = "v5.channel.k8s.io";
    private const string Magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private const int LongestRefusal = 16 * 1024;

    /// <param name="send">Sends a request over HTTP/1.1 and leaves the answer's body unread.</param>
    /// <param name="authorization">Null when the transport has a client certificate.</param>
    /// <exception cref="ExecRefusedException">The API server answered, and did not open a connection.</exception>
    /// <exception cref="HttpRequestException">It could not be reached.</exception>
    public static Task<WebSocket> OpenAsync(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send, Uri address, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken) =>
        // In order of preference. Only v5 can close a channel, which matters to nobody who sends nothing.
        OpenAsync(send, address, authorization, [Version5, Version4], cancellationToken);

    /// <param name="versions">Of the protocol, in order of preference.</param>
    /// <inheritdoc cref="OpenAsync(Func{HttpRequestMessage, CancellationToken, Task{HttpResponseMessage}}, Uri, AuthenticationHeaderValue?, CancellationToken)"/>
    public static async Task<WebSocket> OpenAsync(
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send, Uri address, AuthenticationHeaderValue? authorization, IReadOnlyList<string> versions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(send);
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.Add(new ProductHeaderValue("websocket"));
        request.Headers.Authorization = authorization;
        _ = request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        _ = request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", key);
        _ = request.Headers.TryAddWithoutValidation("Sec-WebSocket-Protocol", string.Join(", ", versions));
        var response = await send(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
        {
            using (response)
                throw new ExecRefusedException((int)response.StatusCode, await RefusalAsync(response, cancellationToken));
        }

        var protocol = Header(response, "Sec-WebSocket-Protocol");
        if (Header(response, "Sec-WebSocket-Accept") != Accept(key) || protocol is null || !versions.Contains(protocol))
        {
            response.Dispose();
            throw new ExecRefusedException((int)response.StatusCode, $"the server does not speak the exec protocol {string.Join(" or ", versions)}");
        }

        // No pings that must be answered: while output is held back nobody reads, and a pong would come late. A lost peer is noticed by TCP.
        return WebSocket.CreateFromStream(await response.Content.ReadAsStreamAsync(cancellationToken), new WebSocketCreationOptions { IsServer = false, SubProtocol = protocol });
    }

    private static async Task<string> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestRefusal];
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(buffer.AsMemory(0, length));
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String)
                return message.GetString()!;
        }
        catch (JsonException)
        {
            // Plain text, as kubelet answers.
            var text = Encoding.UTF8.GetString(buffer, 0, length).Trim();
            if (text.Length > 0)
                return text;
        }

        return $"the API server answered {(int)response.StatusCode}";
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

#pragma warning disable CA5350 // RFC 6455 says SHA-1; it protects nothing.
    private static string Accept(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Magic)));
#pragma warning restore CA5350
}
