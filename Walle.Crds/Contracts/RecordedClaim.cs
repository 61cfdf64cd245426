namespace Walle.Crds.Contracts;

/// <summary>What a backup records of its PersistentVolumeClaim, so that the claim can be made again from the repository alone.</summary>
public sealed record RecordedClaim
{
    public string? StorageClassName { get; init; }

    /// <summary>spec.resources.requests.storage, as written.</summary>
    public string? Size { get; init; }
    public List<string>? AccessModes { get; init; }
    public Dictionary<string, string>? Labels { get; init; }
}
