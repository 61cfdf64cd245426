using Walle.Crds.Conditions;

namespace Walle.Controller.Pipeline.Selection;

/// <summary>A candidate that is not backed up.</summary>
/// <param name="IsWanted">A claim that a selector matches, whose owner has not opted out: it ought to have a backup and will have none.</param>
internal sealed record LeftOutSource(string Kind, string Name, Reason Reason, string Message, bool IsWanted = false);
