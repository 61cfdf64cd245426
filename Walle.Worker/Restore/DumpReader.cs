using System.Security.Cryptography;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Worker.Restic;

namespace Walle.Worker.Restore;

/// <summary>Reads one dump from the repository, piece by piece: the next piece is read when the last one has been taken, which holds back restic.</summary>
internal sealed class DumpReader(WorkerSetting setting, string snapshotId, string path)
{
    private const int BufferSize = 32 * 1024;

    /// <param name="take">Gets each piece. When it throws, restic is ended and the exception comes out.</param>
    /// <returns>How many bytes, and their SHA-256, once restic has exited 0.</returns>
    /// <exception cref="WorkerException">restic failed: what came may be cut off.</exception>
    public async Task<(long Bytes, string Sha256)> ReadAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> take, CancellationToken stop)
    {
        var output = new ResticOutput("/");
        await using var watchdog = new RepositoryWatchdog(setting.Time, setting.Arguments.ConnectTimeout);
        output.BackendSpoke += watchdog.BackendSpoke;
        output.Noted += setting.Log.Note;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = 0L;
        Exception? refused = null;
        async Task CopyAsync(Stream stream)
        {
            var buffer = new byte[BufferSize];
            // To its end in any case: a process whose output nobody reads does not end in due form, and leaves its lock behind.
            for (int read; (read = await stream.ReadAsync(buffer, CancellationToken.None)) > 0;)
            {
                if (refused is not null)
                    continue;
                watchdog.Progressed();
                try
                {
                    await take(buffer.AsMemory(0, read), ending.Token);
                    hash.AppendData(buffer, 0, read);
                    bytes += read;
                }
#pragma warning disable CA1031 // It is thrown again, once restic has ended.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    refused = exception;
                    await ending.CancelAsync();
                }
            }
        }

        var exit = await setting.Restic.RunAsync(RestoreLine.Dump(setting.Arguments, snapshotId, path), "/", output, watchdog, ending.Token, CopyAsync);
        stop.ThrowIfCancellationRequested();
        if (refused is not null)
            throw refused;
        if (exit is { Code: 0, GaveUp: false })
            return (bytes, Convert.ToHexStringLower(hash.GetCurrentHash()));
        var failure = ResticFailure.Of(exit, output, watchdog.LastTrouble, outOfMemory: false) ?? new Failure(Reason.ResticFailed, WorkerExitCode.Failure, "restic was ended");
        throw new WorkerException(failure.Reason, failure.ExitCode, failure.Message);
    }
}
