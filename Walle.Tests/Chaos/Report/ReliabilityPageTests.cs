using NUnit.Framework;

namespace Walle.Tests.Chaos.Report;

/// <summary>The page says what the runs said.</summary>
public sealed class ReliabilityPageTests
{
    [Test]
    public void Page_IsMadeOfItsData() =>
        Assert.That(File.ReadAllText(ReliabilityPage.File), Is.EqualTo(ReliabilityPage.Render(ReliabilityData.Load())), "run: dotnet run --project Walle.Tests -- reliability");
}
