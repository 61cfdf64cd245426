using Walle.Controller.Kubernetes;

namespace Walle.Controller.Reconcilers;

/// <summary>What the work queue holds: a name, never an object and never an event.</summary>
internal readonly record struct ReconcileRequest(string Kind, NamespacedName Name);
