using Walle.Crds.V1;

namespace Walle.Crds.Validation;

/// <summary>
/// Says what is wrong with a spec: all that its schema and its CEL rules say, for objects that got past an older server or an older schema. Pure.
/// Each message names the field and the fix; an empty list means that the spec is valid.
/// </summary>
public static class SpecValidator
{
    private const string Path = "spec";

    // A message goes into a condition; who has more mistakes than this sees the rest after mending these.
    private const int MaxProblems = 16;

    public static IReadOnlyList<string> Validate(BackupScheduleSpec? spec) => Walk(spec);

    public static IReadOnlyList<string> Validate(BackupJobSpec? spec) => Walk(spec);

    public static IReadOnlyList<string> Validate(RestoreJobSpec? spec) => Walk(spec);

    /// <summary>
    /// The C# twin of <c>self == oldSelf</c>, for kinds whose spec is immutable: a message when the spec has changed since the controller accepted it
    /// (with <paramref name="observedGeneration"/> in status), else null. CEL cannot see into fields that the schema keeps unread (affinity,
    /// tolerations), so newer servers need it too.
    /// </summary>
    public static string? ChangedSinceAccepted(ObjectMeta metadata, long? observedGeneration)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return observedGeneration is { } observed && metadata.Generation is { } current && current != observed
            ? $"{Path}: was changed after the run had begun (generation {current}, the run belongs to {observed}); create a new object instead"
            : null;
    }

    private static List<string> Walk(object? spec)
    {
        var problems = new List<string>();
        if (spec is null)
            problems.Add($"{Path}: is missing");
        else
            FieldWalker.Walk(spec, Path, problems);
        if (problems.Count > MaxProblems)
            problems.RemoveRange(MaxProblems, problems.Count - MaxProblems);
        return problems;
    }
}
