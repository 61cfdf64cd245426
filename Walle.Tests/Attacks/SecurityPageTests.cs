using System.Text.RegularExpressions;
using NUnit.Framework;
using Walle.Tests.Cluster;

namespace Walle.Tests.Attacks;

/// <summary>docs/security.md names the tests that try each attack: they must be there.</summary>
internal sealed class SecurityPageTests
{
    [Test]
    public void EveryTestThatThePageNames_Exists()
    {
        var named = Regex.Matches(File.ReadAllText(RepositoryRoot.Combine("docs", "security.md")), "`([A-Za-z]+Tests)`").Select(match => match.Groups[1].Value).ToHashSet();
        var there = typeof(SecurityPageTests).Assembly.GetTypes().Select(type => type.Name).ToHashSet();
        Assert.That(named, Has.Count.GreaterThan(20).And.SubsetOf(there));
    }
}
