namespace Walle.Controller.Pipeline.Hooks;

/// <summary>The command whose standard output is backed up.</summary>
/// <param name="Workload">Name of the source.</param>
/// <param name="FileName">Safe to be part of a path.</param>
internal sealed record DumpTarget(string Workload, string Pod, string PodUid, string Container, IReadOnlyList<string> Command, TimeSpan Timeout, string FileName);
