using System.Globalization;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Worker.Restic;

namespace Walle.Worker.Restore;

/// <summary>Names what went wrong in a run of <c>restic restore</c>. Pure.</summary>
internal static class RestoreFailure
{
    private static readonly string[] Full = ["no space left on device", "disk quota exceeded"];
    private static readonly string[] Refused = ["operation not permitted", "permission denied", "read-only file system"];

    /// <summary>Null is success: exit code 0 and a summary.</summary>
    public static Failure? Of(ResticExit exit, ResticOutput output, string? trouble, bool outOfMemory)
    {
        if (exit.Code == 0 && output.Restored is null)
            return new Failure(Reason.ResticFailed, WorkerExitCode.Failure, "restic exited 0 without a summary: nothing proves that anything was restored");
        if (exit.Code != 1 || exit.GaveUp || output.UnreadableCount == 0)
            return ResticFailure.Of(exit, output, trouble, outOfMemory);
        var first = output.FirstFileError ?? "";
        var message = string.Create(
            CultureInfo.InvariantCulture, $"{output.UnreadableCount} files or folders could not be restored: {string.Join(", ", output.Unreadable.Take(3))} ({first})");
        return new Failure(ReasonOf(first), WorkerExitCode.Partial, message);
    }

    /// <summary>The phrases that tell of a repository's storage tell of the target here.</summary>
    private static Reason ReasonOf(string error)
    {
        if (Full.Any(phrase => error.Contains(phrase, StringComparison.OrdinalIgnoreCase)))
            return Reason.TargetTooSmall;
        if (Refused.Any(phrase => error.Contains(phrase, StringComparison.OrdinalIgnoreCase)))
            return Reason.RestoreIncomplete;
        return FailureText.ReasonOf(error) is { } reason and (Reason.RepositoryDamaged or Reason.RepositoryUnreachable or Reason.RepositoryAccessDenied) ? reason : Reason.RestoreIncomplete;
    }
}
