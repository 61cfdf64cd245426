using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;
using NUnit.Framework;
using Walle.Crds.Exec;

namespace Walle.Tests.Exec;

/// <summary>An exec connection read to its end, over a real WebSocket in memory.</summary>
internal sealed class ExecSessionTests
{
    private static readonly byte[] Success = [ExecChannel.Status, .. """{"status":"Success"}"""u8];

    [Test]
    public async Task Output_and_status_arrive()
    {
        var (status, output) = await RunAsync(async server =>
        {
            await SendAsync(server, [ExecChannel.Stdout, .. "data"u8]);
            await SendAsync(server, Success);
            await server.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        });
        Assert.That((status.Succeeded, output), Is.EqualTo((true, "data")));
    }

    [Test]
    public async Task A_status_counts_even_if_the_server_then_vanishes()
    {
        var (status, _) = await RunAsync(async server =>
        {
            await SendAsync(server, Success);
            server.Abort();
        });
        Assert.That(status.Succeeded);
    }

    [Test]
    public void A_stream_that_just_ends_is_a_failure([Values] bool inDueForm)
    {
        var failure = Assert.ThrowsAsync<IOException>(() => RunAsync(async server =>
        {
            await SendAsync(server, [ExecChannel.Stdout, .. "half of it"u8]);
            if (inDueForm)
                await server.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            else
                server.Abort();
        }));
        Assert.That(failure!.Message, Does.Contain("exit status"));
    }

    [Test]
    public void A_status_cut_in_the_middle_is_a_failure() => Assert.ThrowsAsync<IOException>(() => RunAsync(async server =>
    {
        await server.SendAsync(Success.AsMemory(0, 10), WebSocketMessageType.Binary, endOfMessage: false, CancellationToken.None);
        await server.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }));

    [Test]
    public async Task Nothing_is_read_ahead_of_a_slow_taker()
    {
        var (client, server) = Connect();
        var taken = 0;
        var gate = new TaskCompletionSource();
        var reading = ExecSession.RunAsync(client, async (frame, _) =>
        {
            taken += frame.Data.Length;
            await gate.Task;
        }, CancellationToken.None);
        for (var i = 0; i < 10; i++)
            await SendAsync(server, [ExecChannel.Stdout, .. new byte[1000]]);
        await SendAsync(server, Success);
        Assert.That(taken, Is.LessThanOrEqualTo(1000), "the second piece waits until the first one has been taken");
        gate.SetResult();
        server.Abort();
        Assert.That((await reading).Succeeded);
        Assert.That(taken, Is.EqualTo(10_000));
    }

    [Test]
    public void A_cancellation_is_one()
    {
        using var stop = new CancellationTokenSource();
        var (client, _) = Connect();
        var reading = ExecSession.RunAsync(client, (_, _) => ValueTask.CompletedTask, stop.Token);
        stop.Cancel();
        Assert.That(async () => await reading, Throws.InstanceOf<OperationCanceledException>());
    }

    private static async Task<(ExecStatus Status, string Output)> RunAsync(Func<WebSocket, Task> serve)
    {
        var (client, server) = Connect();
        var output = new StringBuilder();
        var serving = serve(server);
        var status = await ExecSession.RunAsync(client, (frame, _) =>
        {
            output.Append(Encoding.UTF8.GetString(frame.Data.Span));
            return ValueTask.CompletedTask;
        }, CancellationToken.None);
        client.Abort();
        await Task.WhenAny(serving);
        return (status, output.ToString());
    }

    private static ValueTask SendAsync(WebSocket socket, byte[] message) => socket.SendAsync(message.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);

    private static (WebSocket Client, WebSocket Server) Connect()
    {
        Pipe up = new(), down = new();
        return (
            WebSocket.CreateFromStream(new DuplexStream(down.Reader.AsStream(), up.Writer.AsStream()), new WebSocketCreationOptions()),
            WebSocket.CreateFromStream(new DuplexStream(up.Reader.AsStream(), down.Writer.AsStream()), new WebSocketCreationOptions { IsServer = true }));
    }

    private sealed class DuplexStream(Stream input, Stream output) : Stream
    {
        public override bool CanRead => true;
        public override bool CanWrite => true;
        public override bool CanSeek => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => input.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => input.ReadAsync(buffer, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => output.Write(buffer, offset, count);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => output.WriteAsync(buffer, cancellationToken);

        public override void Flush() => output.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            input.Dispose();
            output.Dispose();
            base.Dispose(disposing);
        }
    }
}
