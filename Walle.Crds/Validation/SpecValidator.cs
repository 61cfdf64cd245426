using Walle.Crds.V1;

namespace Walle.Crds.Validation;

public static class SpecValidator
{
    public static IReadOnlyList<string> Validate(BackupJobSpec spec) => spec.Source.Name.Length > 0 ? [] : ["spec.source.name is required"];
}
