namespace Walle.Controller.Informers;

/// <summary>A change on its way from the Reflector to the Store.</summary>
internal readonly record struct Delta<T>(DeltaKind Kind, T? Object, IReadOnlyList<T> Items)
    where T : class
{
    /// <summary>The whole list as one item, so that the channel's capacity counts changes only.</summary>
    public static Delta<T> Replaced(IReadOnlyList<T> items) => new(DeltaKind.Replaced, null, items);

    public static Delta<T> Applied(T @object) => new(DeltaKind.Applied, @object, []);

    /// <param name="object">Its last state.</param>
    public static Delta<T> Deleted(T @object) => new(DeltaKind.Deleted, @object, []);

    /// <summary>The server does not serve the kind: there are no objects.</summary>
    public static Delta<T> Absent { get; } = new(DeltaKind.Absent, null, []);
}
