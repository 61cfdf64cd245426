using System.Globalization;
using System.Net.WebSockets;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.Exec;
using Walle.Worker.Arguments;
using Walle.Worker.Restic;

namespace Walle.Worker.Exec;

/// <summary>
/// Runs a command in a Pod with a dump as its standard input. The last piece is held back until the source has ended well: a command that saw the
/// end of its input after the right number of bytes has got a whole dump.
/// </summary>
internal sealed class CommandFeed(ClusterConnection connection, Uri server, DumpArguments arguments, TimeProvider time)
{
    private const int Upgraded = 101;

    // The status may overtake what tells this side that the last piece was taken.
    private static readonly TimeSpan LastPiece = TimeSpan.FromSeconds(1);

    // A command that ends closes the connection and then tells its status, or the other way round.
    private static readonly TimeSpan StatusFollows = TimeSpan.FromSeconds(10);
    private readonly OutputTail _output = new();
    private readonly Memory<byte> _buffer = new byte[64 * 1024];
    private int _held;
    private long _sent;
    private bool _started;
    private string? _sha256;

    /// <param name="expected">Size of the dump, and its SHA-256 if it was read before.</param>
    /// <param name="source">Hands over the dump, piece by piece, and tells its size and SHA-256 once it has ended well.</param>
    public async Task<FeedReport> RunAsync(
        (long Bytes, string? Sha256) expected, Func<Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>, CancellationToken, Task<(long Bytes, string Sha256)>> source, CancellationToken stop)
    {
        var bytes = expected.Bytes;
        using var timeout = new CancellationTokenSource(arguments.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        try
        {
            using var socket = await OpenAsync(bytes, either.Token);
            try
            {
                return await FeedAsync(socket, expected, source, either.Token);
            }
            finally
            {
                socket.Abort();
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            return Failed(Reason.HookTimedOut, string.Create(CultureInfo.InvariantCulture, $"the command did not end within {arguments.Timeout.TotalSeconds:0} s ({HookAnnotation.RestoreTimeout}) and may still be running in its container"));
        }
        catch (ExecRefusedException refused)
        {
            return refused.StatusCode switch
            {
                ExecRefusedException.Forbidden or ExecRefusedException.Unauthorized => Failed(Reason.HookForbidden, ExecRights.Missing(arguments.Namespace)),
                ExecRefusedException.NotFound => Failed(Reason.PodReplaced, $"Pod {arguments.Pod} is gone"),
                _ => Failed(Reason.HookUnreachable, $"the command was not started: {OutputText.Redact(refused.Message)}"),
            };
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or WebSocketException or UnauthorizedAccessException)
        {
            // An old kubelet drops the status of a command that leaves input unread.
            var hint = _started && _sha256 is null ? ". A command that ends before it has read its whole input may look like this" : "";
            return Failed(Reason.HookUnreachable, $"{broken.Message}; the command had been given {_sent} of {bytes} bytes{hint}");
        }
        catch (WorkerException failure)
        {
            return Failed(failure.Reason, $"{failure.Message}; the command had been given {_sent} of {bytes} bytes and was cut off", failure.ExitCode);
        }
    }

    /// <summary>v5 first: it can close the standard input, so that the command is run as it stands. A server without it refuses before anything is started.</summary>
    private async Task<WebSocket> OpenAsync(long bytes, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(arguments.Command, ExecConnection.Version5, cancellationToken);
        }
        catch (ExecRefusedException refused) when (refused.StatusCode is 400 or ExecRefusedException.Forbidden)
        {
            // 403 is also how an old kubelet refuses a version of the protocol: whether it is about rights, the second answer tells.
            return await OpenAsync(ExecInput.Counted(arguments.Command, bytes), ExecConnection.Version4, cancellationToken);
        }
    }

    private async Task<WebSocket> OpenAsync(IReadOnlyList<string> command, string version, CancellationToken cancellationToken)
    {
        var address = new ExecRequest(arguments.Namespace, arguments.Pod, arguments.Container, command) { HasInput = true }.At(server);
        _started = true;
        try
        {
            return await ExecConnection.OpenAsync(connection.SendAsync, address, connection.Authorization, [version], cancellationToken);
        }
        catch (ExecRefusedException refused) when (refused.StatusCode is not Upgraded and < 500)
        {
            _started = false;
            throw;
        }
    }

    private async Task<FeedReport> FeedAsync(
        WebSocket socket, (long Bytes, string? Sha256) expected, Func<Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>, CancellationToken, Task<(long Bytes, string Sha256)>> source, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var status = ExecSession.RunAsync(socket, TakeAsync, stop);
        var sending = SendAsync(new ExecInput(socket), expected, source, ended.Token);
        if (await Task.WhenAny(status, sending) == status)
        {
            // It did not wait for all of its input, or the connection is gone.
            await Task.WhenAny(sending, Task.Delay(LastPiece, time, stop));
            await ended.CancelAsync();
            await EndOfAsync(sending);
            return Report(await status, expected.Bytes);
        }

        // The other end may have gone first: then its status says more than a broken pipe does.
        if (sending.Exception?.InnerException is IOException or WebSocketException)
        {
            await Task.WhenAny(status, Task.Delay(StatusFollows, time, stop));
            if (status.IsCompletedSuccessfully)
                return Report(await status, expected.Bytes);
        }

        try
        {
            await sending;
            return Report(await status, expected.Bytes);
        }
        catch
        {
            socket.Abort();
            await EndOfAsync(status);
            throw;
        }
    }

    private FeedReport Report(ExecStatus status, long bytes)
    {
        if (status.Succeeded && _sha256 is not null)
            return new FeedReport(null, true, status.ExitCode, _sent, _sha256);
        var how = status switch
        {
            { Succeeded: true } => $"the command ended with exit code 0 before it was given the whole dump ({_sent} of {bytes} bytes)",
            { ExitCode: { } code } => string.Create(CultureInfo.InvariantCulture, $"the command ended with exit code {code}, given {_sent} of {bytes} bytes"),
            _ => $"the command could not be run to its end: {OutputText.Redact(status.Message ?? "no reason given")}",
        };
        var last = OutputText.Of(_output.ToArray(), 500);
        return Failed(Reason.RestoreCommandFailed, last.Length == 0 ? how : $"{how}: {last}") with { ExitCode = status.ExitCode };
    }

    private async Task SendAsync(
        ExecInput input, (long Bytes, string? Sha256) expected, Func<Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>, CancellationToken, Task<(long Bytes, string Sha256)>> source, CancellationToken stop)
    {
        var (read, sha256) = await source((piece, cancellationToken) => PassOnAsync(input, piece, cancellationToken), stop);
        if (read != expected.Bytes || (expected.Sha256 is { } before && before != sha256))
            throw new WorkerException(Reason.RepositoryDamaged, WorkerExitCode.Failure, $"restic wrote {read} bytes with sha256 {sha256}, and {expected.Bytes} bytes with sha256 {expected.Sha256} were expected");
        await FlushAsync(input, stop);
        _sha256 = sha256;
        await input.CloseAsync(stop);
    }

    private async ValueTask PassOnAsync(ExecInput input, ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        await FlushAsync(input, cancellationToken);
        piece.CopyTo(_buffer);
        _held = piece.Length;
    }

    private async Task FlushAsync(ExecInput input, CancellationToken cancellationToken)
    {
        await input.WriteAsync(_buffer[.._held], cancellationToken);
        _sent += _held;
        _held = 0;
    }

    private ValueTask TakeAsync(ExecFrame frame, CancellationToken cancellationToken)
    {
        _output.Add(frame.Data.Span);
        return ValueTask.CompletedTask;
    }

    /// <summary>How it failed is a consequence of what is known already.</summary>
    private static async Task EndOfAsync(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private FeedReport Failed(Reason reason, string message, int exitCode = WorkerExitCode.Failure) => new(new Failure(reason, exitCode, message), _started, null, _sent, null);
}
