namespace Walle.Tests.Chaos.Report;

/// <summary>A controller under steady work and steady faults.</summary>
/// <param name="Backups">That ended.</param>
/// <param name="WritesPerBackup">All calls with an effect, by backup; Events left out.</param>
/// <param name="FirstMegabytes">Anonymous memory of the process in the first third of the time, the median.</param>
/// <param name="LastMegabytes">In the last third.</param>
/// <param name="MegabytesPerHour">Slope of a straight line through the second half.</param>
/// <param name="Commit">Of the controller that was run; <see cref="ChaosReport"/> writes it.</param>
internal sealed record SoakResult(double Minutes, int Backups, int Failed, int Faults, double WritesPerBackup, double FirstMegabytes, double LastMegabytes, double MegabytesPerHour, string Commit = "");
