namespace Walle.Controller.Queue;

/// <summary>
/// client-go's work queue: an item is handed out to one worker at a time; added many times before it is taken, it is taken once; added while it
/// is worked on, it is taken again after Done. Ported semantics: https://github.com/kubernetes/client-go/blob/master/util/workqueue/doc.go
/// </summary>
internal interface IWorkQueue<T>
    where T : notnull
{
    int Count { get; }

    void Add(T item);

    /// <summary>Adds after a delay; of several delays for one item the earliest holds.</summary>
    void AddAfter(T item, TimeSpan delay);

    /// <summary>Adds after the item's own exponential back-off.</summary>
    void AddRateLimited(T item);

    /// <summary>Ends the item's back-off.</summary>
    void Forget(T item);

    int NumRequeues(T item);

    /// <summary>Waits for an item. False once the queue is shut down and drained.</summary>
    ValueTask<(bool Taken, T Item)> GetAsync(CancellationToken cancellationToken);

    /// <summary>Must follow each item taken, in a finally block.</summary>
    void Done(T item);

    /// <summary>No more items are accepted; those queued are still handed out.</summary>
    void ShutDown();
}
