using System.Globalization;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;

namespace Walle.Worker.Restic;

/// <summary>Of the form "restic 0.18.0 compiled with go1.24.4 on linux/amd64".</summary>
internal sealed record ResticVersion(int Major, int Minor, string Text)
{
    /// <summary>JSON for errors and exit_error came with 0.18; without them no failure can be told from another.</summary>
    private static readonly (int Major, int Minor) Oldest = (0, 18);

    public static ResticVersion Parse(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not ["restic", var text, ..] || text.Length > 32 || text.Split('.', '-') is not [var major, var minor, ..]
            || !int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var second))
        {
            throw new WorkerException(Reason.ResticFailed, WorkerExitCode.Failure, "`restic version` does not answer as restic does; check the worker's image");
        }
        return new ResticVersion(first, second, text);
    }

    public ResticVersion Required() =>
        (Major, Minor).CompareTo(Oldest) >= 0
            ? this
            : throw new WorkerException(
                Reason.ResticTooOld, WorkerExitCode.Failure, $"restic {Text} is too old: build the worker's image with restic {Oldest.Major}.{Oldest.Minor} or newer");
}
