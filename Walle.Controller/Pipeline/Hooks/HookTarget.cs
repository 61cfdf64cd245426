namespace Walle.Controller.Pipeline.Hooks;

/// <summary>One command in one container of one Pod.</summary>
internal sealed record HookTarget(string Pod, string PodUid, string Container, IReadOnlyList<string> Command, TimeSpan Timeout, bool ContinueOnError);
