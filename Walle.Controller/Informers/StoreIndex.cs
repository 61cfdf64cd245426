namespace Walle.Controller.Informers;

/// <summary>An index of a Store.</summary>
/// <param name="Name">One of <see cref="IndexNames"/>.</param>
/// <param name="Key">Pure; null: the object is not in the index.</param>
internal sealed record StoreIndex<T>(string Name, Func<T, string?> Key);
