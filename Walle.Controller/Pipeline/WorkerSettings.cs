namespace Walle.Controller.Pipeline;

/// <summary>The controller's own settings that every worker is made with.</summary>
/// <param name="Image">The worker's image.</param>
/// <param name="ImagePullPolicy">Always, IfNotPresent or Never.</param>
/// <param name="ClusterName">restic's host name of every snapshot made by this cluster.</param>
internal sealed record WorkerSettings(string Image, string ImagePullPolicy, string ClusterName);
