using System.Text;

namespace Walle.Controller.Hosting;

/// <summary>
/// /livez: only what a restart would mend; an API server that is away is no such thing. /readyz: the informers have synced; a controller that waits for
/// the Lease is ready, or else an update by surge would never go on.
/// </summary>
internal sealed class HealthEndpoint(IReadOnlyList<HealthCheck> live, IReadOnlyList<HealthCheck> ready)
{
    public HttpAnswer? Answer(string path) => path switch
    {
        "/livez" => Run(live),
        "/readyz" => Run(ready),
        _ => null,
    };

    private static HttpAnswer Run(IReadOnlyList<HealthCheck> checks)
    {
        var text = new StringBuilder();
        var healthy = true;
        foreach (var check in checks)
        {
            var fault = check.Fault();
            healthy &= fault is null;
            text.Append(fault is null ? "ok " : "failed ").Append(check.Name).Append(fault is null ? "" : ": ").Append(fault).Append('\n');
        }

        return new HttpAnswer(healthy ? 200 : 503, text.Append(healthy ? "healthy\n" : "not healthy\n").ToString());
    }
}
