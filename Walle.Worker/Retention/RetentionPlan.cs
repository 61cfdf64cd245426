namespace Walle.Worker.Retention;

/// <summary>What retention makes of a repository.</summary>
/// <param name="Forget">Ids, in the order in which they must go: a partial snapshot before the mark that says so.</param>
/// <param name="Kept">How many backups of the schedule are left.</param>
/// <param name="Thin">Volumes that would keep too few complete backups; nothing may be forgotten then.</param>
internal sealed record RetentionPlan(IReadOnlyList<string> Forget, int Kept, IReadOnlyList<ThinVolume> Thin);
