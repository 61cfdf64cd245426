using Walle.Crds.Conditions;

namespace Walle.Controller.Pipeline.Hooks;

/// <summary>What the annotations of a workload come to for a restore into a command: where it runs, or why it cannot.</summary>
internal sealed record RestoreCommandPlan(RestoreCommandTarget? Target, (Reason Reason, string Message)? Problem);
