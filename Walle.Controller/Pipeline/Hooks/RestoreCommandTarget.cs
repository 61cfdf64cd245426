namespace Walle.Controller.Pipeline.Hooks;

/// <summary>The command that a dump is restored into, and where it runs.</summary>
internal sealed record RestoreCommandTarget(string Pod, string PodUid, string Container, IReadOnlyList<string> Command, TimeSpan Timeout);
