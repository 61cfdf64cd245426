using NUnit.Framework;

namespace Walle.Tests.Architecture;

internal sealed class HouseRulesTests
{
    [Test]
    public void Sources_KeepTheRules() =>
        Assert.That(HouseRules.Violations(SourceFile.ReadAll("Walle.Controller", "Walle.Worker", "Walle.Crds", "Walle.Tests")), Is.Empty);

    [TestCase("Walle.Controller/Utils/X.cs", "class X;", "'Utils'")]
    [TestCase("Walle.Controller/Queue/QueueHelper.cs", "class Y;", "'QueueHelper'")]
    [TestCase("Walle.Controller/Queue/X.cs", "internal sealed class ApiManager;", "'ApiManager'")]
    [TestCase("Walle.Controller/Queue/X.cs", "public readonly record struct Common(int A);", "'Common'")]
    public void VagueName_IsFound(string path, string text, string expected) =>
        Assert.That(HouseRules.Violations([new SourceFile(path, text)]), Has.Some.Contains(expected));

    [TestCase(400, 0)]
    [TestCase(401, 1)]
    public void LongFile_IsFound(int lines, int expected) => Assert.That(
        HouseRules.Violations([new SourceFile("Walle.Crds/X.cs", string.Concat(Enumerable.Repeat("// line\n", lines)))]),
        Has.Count.EqualTo(expected));
}
