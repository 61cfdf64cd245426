using System.Net.WebSockets;
using System.Text;
using NUnit.Framework;
using Walle.Crds.Exec;

namespace Walle.Tests.Exec;

/// <summary>Which version of the exec protocol is spoken, and what v5 adds: the end of a command's input (KEP-4006).</summary>
internal sealed class ExecConnectionTests
{
    private static readonly byte[] Success = [ExecChannel.Status, .. """{"status":"Success"}"""u8];

    [TestCase(new[] { "v5.channel.k8s.io", "v4.channel.k8s.io" }, "v5.channel.k8s.io")]
    [TestCase(new[] { "v4.channel.k8s.io", "channel.k8s.io" }, "v4.channel.k8s.io")]
    public async Task The_newest_version_that_both_know_is_spoken(string[] known, string spoken)
    {
        await using var server = new ExecServer(known, socket => SendAsync(socket, Success));
        using var transport = new HttpMessageInvoker(new SocketsHttpHandler());
        using var socket = await OpenAsync(server, transport);
        Assert.That(socket.SubProtocol, Is.EqualTo(spoken));
        Assert.That(server.Offered, Is.EqualTo("v5.channel.k8s.io, v4.channel.k8s.io"), "v5 first");
        Assert.That((await ExecSession.RunAsync(socket, (_, _) => ValueTask.CompletedTask, CancellationToken.None)).Succeeded);
    }

    [Test]
    public async Task A_server_that_knows_neither_is_refused()
    {
        await using var server = new ExecServer(["base64.channel.k8s.io"], _ => Task.CompletedTask);
        using var transport = new HttpMessageInvoker(new SocketsHttpHandler());
        Assert.ThrowsAsync<ExecRefusedException>(() => OpenAsync(server, transport));
    }

    [Test]
    public async Task Input_arrives_whole_and_v5_tells_its_end()
    {
        var sent = new byte[200_001];
        new Random(1).NextBytes(sent);
        List<byte[]> got = [];
        await using var server = new ExecServer(["v5.channel.k8s.io"], async socket =>
        {
            do
                got.Add(await ReceiveAsync(socket));
            while (got[^1][0] != ExecChannel.Close);
            await SendAsync(socket, [ExecChannel.Stdout, .. Encoding.ASCII.GetBytes($"{got.Sum(message => message.Length - 1) - 1} bytes")]);
            await SendAsync(socket, Success);
        });
        using var transport = new HttpMessageInvoker(new SocketsHttpHandler());
        using var socket = await OpenAsync(server, transport);
        var output = new StringBuilder();
        var running = ExecSession.RunAsync(socket, (frame, _) =>
        {
            output.Append(Encoding.ASCII.GetString(frame.Data.Span));
            return ValueTask.CompletedTask;
        }, CancellationToken.None);
        var input = new ExecInput(socket);
        await input.WriteAsync(sent, CancellationToken.None);
        await input.CloseAsync(CancellationToken.None);
        var status = await running;
        Assert.Multiple(() =>
        {
            Assert.That(status.Succeeded);
            Assert.That(output.ToString(), Is.EqualTo("200001 bytes"));
            Assert.That(got[^1], Is.EqualTo(new byte[] { ExecChannel.Close, ExecChannel.Stdin }));
            Assert.That(got.SkipLast(1).Select(message => message[0]), Is.All.EqualTo(ExecChannel.Stdin));
            Assert.That(got.SkipLast(1).SelectMany(message => message[1..]), Is.EqualTo(sent));
        });
    }

    [Test]
    public async Task Over_v4_nothing_tells_the_end_of_an_input()
    {
        var got = new TaskCompletionSource<byte[]>();
        await using var server = new ExecServer(["v4.channel.k8s.io"], async socket => got.TrySetResult(await ReceiveAsync(socket)));
        using var transport = new HttpMessageInvoker(new SocketsHttpHandler());
        using var socket = await OpenAsync(server, transport);
        await new ExecInput(socket).CloseAsync(CancellationToken.None);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        Assert.That(await got.Task, Is.Empty, "the command's shell counts the bytes instead");
    }

    private static Task<WebSocket> OpenAsync(ExecServer server, HttpMessageInvoker transport) =>
        ExecConnection.OpenAsync(transport.SendAsync, new ExecRequest("shop", "db-0", "db", ["cat"]) { HasInput = true }.At(server.Address), null, CancellationToken.None);

    private static Task SendAsync(WebSocket socket, byte[] message) => socket.SendAsync(message.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None).AsTask();

    /// <summary>Empty when the client has gone.</summary>
    private static async Task<byte[]> ReceiveAsync(WebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        while (true)
        {
            try
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                length += received.Count;
                if (received.EndOfMessage)
                    return received.MessageType == WebSocketMessageType.Close ? [] : buffer[..length];
            }
            catch (WebSocketException)
            {
                return [];
            }
        }
    }
}
