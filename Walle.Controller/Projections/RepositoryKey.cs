using Walle.Crds.V1;

namespace Walle.Controller.Projections;

/// <summary>
/// Names a repository before its id is known: by the Secret, and by the volume where there is one, since <c>/repository</c> is another one on each. Two keys
/// may still be one repository; that tells the id.
/// </summary>
internal static class RepositoryKey
{
    public static string Of(string? @namespace, RepositorySpec repository) => Of(@namespace, repository.SecretRef, repository.Volume);

    public static string Of(string? @namespace, RestoreRepository repository) => Of(@namespace, repository.SecretRef, repository.Volume);

    private static string Of(string? @namespace, SecretReference secret, RepositoryVolume? volume) =>
        volume is null ? $"{@namespace}/{secret.Name}" : $"{@namespace}/{secret.Name}@{volume.ClaimName}";
}
