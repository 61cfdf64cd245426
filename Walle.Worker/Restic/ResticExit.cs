namespace Walle.Worker.Restic;

/// <summary>How a restic process ended.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Duration">From start to end.</param>
/// <param name="GaveUp">The worker ended it, since the repository did not recover.</param>
internal sealed record ResticExit(int Code, TimeSpan Duration, bool GaveUp)
{
    private const int SignalBase = 128;
    public const int Kill = 9;

    /// <summary>The signal that killed it, or null. The runtime reports it as a shell does.</summary>
    public int? Signal => Code is > SignalBase and < SignalBase + 65 ? Code - SignalBase : null;
}
