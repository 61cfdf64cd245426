using System.Security.Cryptography;
using System.Text;
using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;

namespace Walle.Tests.Informers;

/// <summary>Claims for tests that are about lists and watches, not about claims.</summary>
internal static class Claims
{
    /// <summary>The UID follows from the name and <paramref name="incarnation"/>: another one is another object of the same name.</summary>
    public static ClaimProjection Make(string name, ulong version, int incarnation = 0, string? ownerUid = null) => new()
    {
        Name = new NamespacedName("shop", name),
        Uid = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}/{incarnation}")).AsSpan(0, 16)).ToString(),
        ResourceVersion = version,
        OwnerUid = ownerUid,
    };
}
