namespace Walle.Controller.Hosting;

/// <summary>
/// Lets no write leave a process that may no longer lead, whichever code makes it. Inside of the retries, so that each is looked at. The Lease itself
/// is written by a client of its own.
/// </summary>
internal sealed class LeaderFenceHandler(ILeaderElection election) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head)
            election.ThrowIfNotLeader();
        return base.SendAsync(request, cancellationToken);
    }
}
