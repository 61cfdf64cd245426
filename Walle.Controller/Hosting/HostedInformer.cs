namespace Walle.Controller.Hosting;

/// <summary>An informer as the host sees it: nothing is reconciled before each <paramref name="HasSynced"/>.</summary>
internal sealed record HostedInformer(string Name, Func<CancellationToken, Task> RunAsync, Func<bool> HasSynced);
