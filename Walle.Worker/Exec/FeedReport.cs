using Walle.Worker.Restic;

namespace Walle.Worker.Exec;

/// <summary>What has become of a command that was to take a dump.</summary>
/// <param name="Failure">Null only when it was given every byte and ended with exit code 0 after that.</param>
/// <param name="Started">False when it is certain that it was not.</param>
/// <param name="ExitCode">When its status came.</param>
/// <param name="Bytes">Given to it.</param>
/// <param name="Sha256">Of these bytes, when they are all.</param>
internal sealed record FeedReport(Failure? Failure, bool Started, int? ExitCode, long Bytes, string? Sha256);
