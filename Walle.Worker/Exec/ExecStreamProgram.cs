using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text.Json;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.Exec;
using Walle.Worker.Arguments;
using Walle.Worker.Result;

namespace Walle.Worker.Exec;

/// <summary>
/// What restic runs under --stdin-from-command: copies a command's output to its own, and ends with 0 only if the command's status said so. restic
/// then saves no snapshot of anything that failed, was cut off or is empty.
/// </summary>
internal sealed class ExecStreamProgram(TimeProvider time)
{
    private readonly OutputTail _errors = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _bytes;
    private bool _closed;

    public async Task<int> RunAsync(IReadOnlyList<string> commandLine)
    {
        var arguments = DumpArgumentParser.ParseStream(commandLine);
        var report = await ReportAsync(arguments);
        if (arguments.Report is { } path)
            await File.WriteAllBytesAsync(path, JsonSerializer.SerializeToUtf8Bytes(report, ResultJsonContext.Default.ExecReport));
        if (report.Reason is null)
            return WorkerExitCode.Success;
        await Console.Error.WriteLineAsync($"{report.Reason}: {report.Message}");
        return WorkerExitCode.Failure;
    }

    private async Task<ExecReport> ReportAsync(DumpArguments arguments)
    {
        using var timeout = new CancellationTokenSource(arguments.Timeout, time);
        try
        {
            var status = await StreamAsync(arguments, timeout.Token);
            var report = new ExecReport { ExitCode = status.ExitCode, Bytes = _bytes, Sha256 = Convert.ToHexStringLower(_hash.GetCurrentHash()) };
            return status.Succeeded
                ? _bytes > 0 ? report : report with { Reason = nameof(Reason.DumpFailed), Message = "the command ended with exit code 0 and printed nothing" }
                : report with { Reason = nameof(Reason.DumpFailed), Message = Failed(status) };
        }
        catch (OperationCanceledException)
        {
            return Failure(Reason.HookTimedOut, string.Create(CultureInfo.InvariantCulture, $"the command did not end within {arguments.Timeout.TotalSeconds:0} s ({HookAnnotation.DumpTimeout}) and may still be running in its container"));
        }
        catch (ExecRefusedException refused)
        {
            return refused.StatusCode switch
            {
                ExecRefusedException.Forbidden or ExecRefusedException.Unauthorized => Failure(Reason.HookForbidden, ExecRights.Missing(arguments.Namespace)),
                ExecRefusedException.NotFound => Failure(Reason.PodReplaced, $"Pod {arguments.Pod} is gone"),
                _ => Failure(Reason.HookUnreachable, $"the command was not started: {OutputText.Redact(refused.Message)}"),
            };
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or WebSocketException or UnauthorizedAccessException)
        {
            return Failure(Reason.HookUnreachable, _closed ? "restic stopped reading" : broken.Message) with { OutputClosed = _closed };
        }
    }

    private async Task<ExecStatus> StreamAsync(DumpArguments arguments, CancellationToken stop)
    {
        using var connection = new ClusterConnection(arguments.AccountDirectory);
        var (code, uid) = await connection.PodUidAsync(arguments.Server!, arguments.Namespace, arguments.Pod, stop);
        if (code != 200)
            throw new ExecRefusedException(code, "the Pod cannot be read");
        if (uid != arguments.PodUid)
            throw new ExecRefusedException(ExecRefusedException.NotFound, "the Pod was replaced");
        var address = new ExecRequest(arguments.Namespace, arguments.Pod, arguments.Container, arguments.Command).At(arguments.Server!);
        using var socket = await ExecConnection.OpenAsync(connection.SendAsync, address, connection.Authorization, stop);
        await using var output = Console.OpenStandardOutput();
        try
        {
            return await ExecSession.RunAsync(socket, (frame, cancellationToken) => TakeAsync(output, frame, cancellationToken), stop);
        }
        finally
        {
            socket.Abort();
        }
    }

    private async ValueTask TakeAsync(Stream output, ExecFrame frame, CancellationToken cancellationToken)
    {
        if (frame.Channel == ExecChannel.Stderr)
        {
            _errors.Add(frame.Data.Span);
            return;
        }

        try
        {
            await output.WriteAsync(frame.Data, cancellationToken);
        }
        catch (IOException)
        {
            _closed = true;
            throw;
        }

        _hash.AppendData(frame.Data.Span);
        _bytes += frame.Data.Length;
    }

    private string Failed(ExecStatus status)
    {
        var how = status.ExitCode is { } code
            ? string.Create(CultureInfo.InvariantCulture, $"the command ended with exit code {code} after {_bytes} bytes")
            : $"the command could not be run to its end: {OutputText.Redact(status.Message ?? "no reason given")}";
        var last = OutputText.Of(_errors.ToArray(), 500);
        return last.Length == 0 ? how : $"{how}: {last}";
    }

    private ExecReport Failure(Reason reason, string message) => new() { Reason = reason.ToString(), Message = message, Bytes = _bytes };
}
