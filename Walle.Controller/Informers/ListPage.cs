namespace Walle.Controller.Informers;

/// <param name="ResourceVersion">Of the list: where a watch starts.</param>
/// <param name="ContinueToken">Null on the last page.</param>
internal sealed record ListPage<T>(IReadOnlyList<T> Items, string ResourceVersion, string? ContinueToken);
