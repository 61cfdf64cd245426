namespace Walle.Controller.Pipeline;

/// <summary>Which VolumeSnapshotClass: the named one, else the driver's default, else the driver's only one. Either a name or a problem.</summary>
internal sealed record SnapshotClassChoice(string? ClassName, string? Problem)
{
    public static SnapshotClassChoice Choose(IReadOnlyList<SnapshotClassFacts> classes, string driver, string? named)
    {
        var fitting = classes.Where(candidate => candidate.Driver == driver).OrderBy(candidate => candidate.Name, StringComparer.Ordinal).ToList();
        if (named is not null)
        {
            return classes.FirstOrDefault(candidate => candidate.Name == named) switch
            {
                null => Missing($"VolumeSnapshotClass {named} (options.volumeSnapshotClassName) does not exist; {Choices(fitting, driver)}"),
                { } found when found.Driver != driver => Missing($"VolumeSnapshotClass {named} (options.volumeSnapshotClassName) is of driver {found.Driver}, the volume of {driver}; {Choices(fitting, driver)}"),
                { } found => new SnapshotClassChoice(found.Name, null),
            };
        }

        var defaults = fitting.Where(candidate => candidate.IsDefault).ToList();
        return (defaults.Count, fitting.Count) switch
        {
            (1, _) => new SnapshotClassChoice(defaults[0].Name, null),
            (0, 1) => new SnapshotClassChoice(fitting[0].Name, null),
            (0, 0) => Missing($"no VolumeSnapshotClass is of driver {driver}; create one: kubectl explain volumesnapshotclass"),
            (0, _) => Missing($"several VolumeSnapshotClasses are of driver {driver} and none is the default; {Choices(fitting, driver)}"),
            _ => Missing($"several VolumeSnapshotClasses of driver {driver} are marked as default; {Choices(defaults, driver)}"),
        };
    }

    private static SnapshotClassChoice Missing(string problem) => new(null, problem);

    private static string Choices(List<SnapshotClassFacts> fitting, string driver) => fitting.Count == 0
        ? $"no VolumeSnapshotClass is of driver {driver}"
        : $"name one of {string.Join(", ", fitting.Select(candidate => candidate.Name))} in options.volumeSnapshotClassName, or mark one with: kubectl annotate volumesnapshotclass {fitting[0].Name} snapshot.storage.kubernetes.io/is-default-class=true";
}
