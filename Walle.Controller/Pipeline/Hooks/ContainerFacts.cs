namespace Walle.Controller.Pipeline.Hooks;

/// <summary>A container of a Pod of the source.</summary>
/// <param name="Claims">Names of the claims that it mounts.</param>
/// <param name="Running">As kubelet says.</param>
internal sealed record ContainerFacts(string Name, bool Running, IReadOnlyList<string> Claims);
