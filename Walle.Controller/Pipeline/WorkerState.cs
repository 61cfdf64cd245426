namespace Walle.Controller.Pipeline;

/// <summary>Where one worker Job stands.</summary>
internal enum WorkerState
{
    NotStarted,
    Running,
    Succeeded,
    Failed,
}
