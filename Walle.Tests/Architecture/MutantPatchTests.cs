using NUnit.Framework;
using Walle.Tests.Cluster;

namespace Walle.Tests.Architecture;

/// <summary>hack/mutants: a defect that can no longer be put back proves nothing.</summary>
public sealed class MutantPatchTests
{
    private static IEnumerable<string> Patches() => Directory.EnumerateFiles(RepositoryRoot.Combine("hack", "mutants"), "*.patch").Order(StringComparer.Ordinal).Select(path => Path.GetFileName(path));

    [TestCaseSource(nameof(Patches))]
    public async Task Patch_Applies_AndSaysWhatWhenceAndWhichTests(string patch)
    {
        var path = RepositoryRoot.Combine("hack", "mutants", patch);
        var check = await HostCommand.RunAllowingFailureAsync("git", ["-C", RepositoryRoot.Combine(), "apply", "--check", path]);
        Assert.That(check.ExitCode, Is.Zero, check.Error);
        var header = (await File.ReadAllTextAsync(path)).Split("\ndiff --git", 2)[0].Split('\n');
        Assert.That(header.Take(3).Select(line => line.Split(": ", 2)[0]), Is.EqualTo(new[] { "What", "Known from", "Tests" }));
    }

    [Test]
    public void ThereAreTwentyAtLeast() => Assert.That(Patches().Count(), Is.GreaterThanOrEqualTo(20));
}
