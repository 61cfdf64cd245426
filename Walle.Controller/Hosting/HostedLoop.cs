namespace Walle.Controller.Hosting;

/// <summary>A loop that runs as long as the process. It ends only when cancelled: to end otherwise is a fault.</summary>
internal sealed record HostedLoop(string Name, Func<CancellationToken, Task> RunAsync);
