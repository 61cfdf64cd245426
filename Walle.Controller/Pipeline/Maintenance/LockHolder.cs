namespace Walle.Controller.Pipeline.Maintenance;

/// <summary>What the API server says of the Pod that a lock names as its host.</summary>
internal enum LockHolder
{
    /// <summary>Nothing: it is no Pod of this cluster's Walle. Never touched.</summary>
    Foreign,

    /// <summary>A worker of ours that runs, or may run. Waited for.</summary>
    Alive,

    /// <summary>A worker of ours that is gone or has ended. What it left is removed.</summary>
    Dead,
}
