using System.Security.Cryptography;
using System.Text;

namespace Walle.Tests.Cluster;

/// <summary>A DNS-1123 label made from a test's full name: the same in every run, different for every test.</summary>
internal static class NamespaceName
{
    private const int SlugLength = 40;

    public static string For(string fullName, string shortName)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(fullName)))[..8];
        var slug = new string([.. shortName.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);
        slug = slug.Length > SlugLength ? slug[..SlugLength] : slug;
        return $"t-{slug.Trim('-')}-{hash}";
    }
}
