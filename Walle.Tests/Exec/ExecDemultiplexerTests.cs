using System.Text;
using NUnit.Framework;
using Walle.Crds.Exec;

namespace Walle.Tests.Exec;

/// <summary>The exec protocol taken apart, in whatever pieces it comes.</summary>
internal sealed class ExecDemultiplexerTests
{
    private const string Success = """{"metadata":{},"status":"Success"}""";
    private const string ExitCode3 = """{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}""";

    [Test]
    public void Messages_fragmented_at_every_offset_give_the_same_bytes()
    {
        byte[] message = [ExecChannel.Stdout, .. "hello, world"u8];
        for (var first = 0; first <= message.Length; first++)
        {
            for (var second = first; second <= message.Length; second++)
            {
                var reader = new Reader();
                reader.Feed(message[..first], end: false);
                reader.Feed(message[first..second], end: false);
                reader.Feed(message[second..], end: true);
                reader.Message(ExecChannel.Stderr, "e"u8.ToArray());
                Assert.That(reader.Text(ExecChannel.Stdout), Is.EqualTo("hello, world"), $"cut at {first} and {second}");
                Assert.That(reader.Text(ExecChannel.Stderr), Is.EqualTo("e"), "the next message has a channel byte of its own");
            }
        }
    }

    [Test]
    public void A_status_in_pieces_of_one_byte_is_read()
    {
        var reader = new Reader();
        byte[] message = [ExecChannel.Status, .. Encoding.UTF8.GetBytes(ExitCode3)];
        for (var i = 0; i < message.Length; i++)
        {
            Assert.That(reader.Demultiplexer.Status, Is.Null);
            reader.Feed([message[i]], end: i == message.Length - 1);
        }

        Assert.That(reader.Demultiplexer.Status, Is.EqualTo(new ExecStatus(false, 3, "command terminated with non-zero exit code")));
    }

    [Test]
    public void Empty_messages_of_v4_and_closed_channels_of_v5_mean_nothing()
    {
        var reader = new Reader();
        foreach (var channel in new byte[] { 0, 1, 2, 3, 4 })
            reader.Message(channel, []);
        reader.Message(ExecChannel.Close, [ExecChannel.Stdout]);
        reader.Feed([], end: true);
        Assert.That(reader.Demultiplexer, Has.Property("Status").Null.And.Property("Violation").Null);
    }

    [TestCase(Success, true, 0)]
    [TestCase("""{"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"137"}]}}""", false, 137)]
    [TestCase("""{"status":"Failure","reason":"InternalError","message":"no such container"}""", false, null)]
    [TestCase("""{"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"0"}]}}""", false, null)]
    [TestCase("""{"status":"Failure","details":[1],"reason":"NonZeroExitCode"}""", false, null)]
    public void A_status_tells_how_the_command_ended(string json, bool succeeded, int? code)
    {
        var status = ExecStatus.Parse(Encoding.UTF8.GetBytes(json));
        Assert.That((status!.Succeeded, status.ExitCode), Is.EqualTo((succeeded, code)));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("\"Success\"")]
    [TestCase("""{"status":"Successful"}""")]
    [TestCase("""{"status":true}""")]
    [TestCase("""{"status":"Success"}{"status":"Success"}""")]
    public void What_is_no_status_is_no_success(string json) => Assert.That(ExecStatus.Parse(Encoding.UTF8.GetBytes(json)), Is.Null);

    [Test]
    public void An_oversized_status_ends_it_and_is_not_kept()
    {
        var reader = new Reader();
        var piece = new byte[30_000];
        reader.Feed([ExecChannel.Status], end: false);
        for (var i = 0; i < 100; i++)
            reader.Feed(piece, end: false);
        Assert.That(reader.Demultiplexer.Violation, Does.Contain("too long"));
        reader.Message(ExecChannel.Status, Encoding.UTF8.GetBytes(Success));
        Assert.That(reader.Demultiplexer.Status, Is.Null, "what follows is not trusted");
    }

    [Test]
    public void An_unknown_channel_and_a_second_status_are_violations()
    {
        var unknown = new Reader();
        unknown.Message(7, [1]);
        Assert.That(unknown.Demultiplexer.Violation, Does.Contain("7"));
        var twice = new Reader();
        twice.Message(ExecChannel.Status, Encoding.UTF8.GetBytes(ExitCode3));
        twice.Message(ExecChannel.Status, Encoding.UTF8.GetBytes(Success));
        Assert.That(twice.Demultiplexer.Violation, Does.Contain("two"));
    }

    [Test]
    public void Random_streams_in_random_pieces_come_out_whole_and_in_order([Range(0, 19)] int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < 100; run++)
        {
            var expected = new Dictionary<byte, List<byte>> { [ExecChannel.Stdout] = [], [ExecChannel.Stderr] = [] };
            var reader = new Reader();
            for (var n = random.Next(30); n > 0; n--)
            {
                var channel = random.Next(5) == 0 ? ExecChannel.Close : (byte)random.Next(1, 3);
                var data = new byte[random.Next(4) == 0 ? 0 : random.Next(2000)];
                random.NextBytes(data);
                if (expected.TryGetValue(channel, out var bytes))
                    bytes.AddRange(data);
                reader.InPieces([channel, .. data], random);
            }

            var closedEarly = random.Next(3) == 0;
            byte[] status = [ExecChannel.Status, .. Encoding.UTF8.GetBytes(random.Next(2) == 0 ? Success : ExitCode3)];
            if (closedEarly)
                reader.Feed(status[..random.Next(status.Length)], end: false);
            else
                reader.InPieces(status, random);

            Assert.That(reader.Bytes(ExecChannel.Stdout), Is.EqualTo(expected[ExecChannel.Stdout]));
            Assert.That(reader.Bytes(ExecChannel.Stderr), Is.EqualTo(expected[ExecChannel.Stderr]));
            Assert.That(reader.Demultiplexer.Status is null, Is.EqualTo(closedEarly), "only a whole status is one");
        }
    }

    [Test]
    public void Noise_neither_throws_nor_succeeds([Range(0, 9)] int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < 1000; run++)
        {
            var demultiplexer = new ExecDemultiplexer();
            for (var n = 0; n < 20; n++)
            {
                var piece = new byte[random.Next(60)];
                random.NextBytes(piece);
                if (piece.Length > 0)
                    piece[0] %= 6;
                demultiplexer.Feed(piece, random.Next(2) == 0);
            }

            Assert.That(demultiplexer.Status?.Succeeded, Is.Not.True);
        }
    }

    private sealed class Reader
    {
        private readonly Dictionary<byte, List<byte>> _output = new() { [ExecChannel.Stdout] = [], [ExecChannel.Stderr] = [] };

        public ExecDemultiplexer Demultiplexer { get; } = new();

        public void Feed(byte[] piece, bool end)
        {
            var frame = Demultiplexer.Feed(piece, end);
            if (!frame.Data.IsEmpty)
                _output[frame.Channel].AddRange(frame.Data.Span);
        }

        public void Message(byte channel, byte[] data) => Feed([channel, .. data], end: true);

        public void InPieces(byte[] message, Random random)
        {
            var at = 0;
            while (true)
            {
                var length = Math.Min(random.Next(4) switch { 0 => 0, 1 => 1, _ => random.Next(700) }, message.Length - at);
                var end = at + length == message.Length && random.Next(2) == 0;
                Feed(message[at..(at + length)], end);
                at += length;
                if (end)
                    return;
            }
        }

        public List<byte> Bytes(byte channel) => _output[channel];

        public string Text(byte channel) => Encoding.UTF8.GetString([.. _output[channel]]);
    }
}
