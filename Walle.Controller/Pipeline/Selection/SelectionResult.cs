namespace Walle.Controller.Pipeline.Selection;

/// <summary>What a schedule backs up, and what it does not.</summary>
/// <param name="Sources">In the order of the selectors, then by name.</param>
/// <param name="LeftOut">What is selected and cannot be backed up comes first.</param>
internal sealed record SelectionResult(IReadOnlyList<SourceToBackUp> Sources, IReadOnlyList<LeftOutSource> LeftOut)
{
    public static readonly SelectionResult Nothing = new([], []);

    /// <summary>Claims that a selector matches and the owner has not opted out: those that ought to have a backup.</summary>
    public int WantedClaims => Sources.Sum(source => source.Claims.Count) + LeftOut.Count(source => source.IsWanted);
}
