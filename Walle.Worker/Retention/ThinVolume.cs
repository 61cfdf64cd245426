namespace Walle.Worker.Retention;

/// <summary>A volume that retention would leave too few complete backups of.</summary>
/// <param name="Complete">How many there are.</param>
/// <param name="Left">How many would be left.</param>
internal sealed record ThinVolume(string Path, int Complete, int Left);
