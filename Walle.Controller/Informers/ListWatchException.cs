namespace Walle.Controller.Informers;

/// <summary>The only exception of an <see cref="IListerWatcher{T}"/> besides cancellation.</summary>
internal sealed class ListWatchException(ListWatchFailure failure, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public ListWatchFailure Failure { get; } = failure;

    /// <summary>The server's wish (header Retry-After, or retryAfterSeconds in the Status).</summary>
    public TimeSpan? RetryAfter { get; init; }
}
