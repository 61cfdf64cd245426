using System.Net;
using k8s.Autorest;
using k8s.Models;
using Walle.Controller.Hosting;

namespace Walle.Tests.Hosting;

/// <summary>One Lease with resource versions, as the API server keeps it; each call can be made to fail or to hang.</summary>
internal sealed class FakeLeaseClient : ILeaseClient
{
    private int _version;

    public V1Lease? Lease { get; private set; }

    public List<string> Calls { get; } = [];

    /// <summary>Called with the verb before the call is carried out.</summary>
    public Func<string, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Called with the verb after the call was carried out, before the caller hears of it.</summary>
    public Func<string, CancellationToken, Task> After { get; set; } = (_, _) => Task.CompletedTask;

    public static HttpOperationException Failure(HttpStatusCode code) =>
        new($"{code}") { Response = new HttpResponseMessageWrapper(new HttpResponseMessage(code), "") };

    public Task<V1Lease?> GetAsync(CancellationToken cancellationToken) => Call("get", () => Lease, cancellationToken);

    public Task<V1Lease> CreateAsync(V1Lease lease, CancellationToken cancellationToken) =>
        Call("create", () => Lease is null ? Store(lease) : throw Failure(HttpStatusCode.Conflict), cancellationToken);

    public Task<V1Lease> UpdateAsync(V1Lease lease, CancellationToken cancellationToken) => Call(
        "update",
        () => Lease is null ? throw Failure(HttpStatusCode.NotFound)
            : Lease.Metadata.ResourceVersion != lease.Metadata.ResourceVersion ? throw Failure(HttpStatusCode.Conflict)
            : Store(lease),
        cancellationToken);

    /// <summary>As another process would write it.</summary>
    public V1Lease Store(V1Lease lease)
    {
        Lease = new V1Lease
        {
            Metadata = new V1ObjectMeta
            {
                Name = "walle",
                NamespaceProperty = "ns",
                Labels = lease.Metadata?.Labels,
                ResourceVersion = (++_version).ToString((IFormatProvider?)null),
            },
            Spec = lease.Spec,
        };
        return Lease;
    }

    public void Delete() => Lease = null;

    private async Task<T> Call<T>(string verb, Func<T> call, CancellationToken cancellationToken)
    {
        lock (Calls)
            Calls.Add(verb);
        await Before(verb, cancellationToken);
        var result = call();
        await After(verb, cancellationToken);
        return result;
    }
}
