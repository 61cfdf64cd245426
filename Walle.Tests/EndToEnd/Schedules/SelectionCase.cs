namespace Walle.Tests.EndToEnd.Schedules;

/// <summary>Selectors, what they select (<c>Kind/name[claims]</c>, in order) and why others are left out (<c>name: Reason</c>, of those named here).</summary>
internal sealed record SelectionCase(string Name, string Selectors, string Selected, string LeftOut = "")
{
    public override string ToString() => Name;
}
