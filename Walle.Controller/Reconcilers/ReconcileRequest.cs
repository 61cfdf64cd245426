using Walle.Controller.Kubernetes;

namespace Walle.Controller.Reconcilers;

/// <summary>What the work queue holds: a name, never an object and never an event.</summary>
internal readonly record struct ReconcileRequest(string Kind, NamespacedName Name)
{
    /// <summary>What takes turns in the queue: thousands of BackupJobs in one namespace delay neither another namespace nor a restore in their own.</summary>
    public string Group => $"{Kind}/{Name.Namespace}";
}
