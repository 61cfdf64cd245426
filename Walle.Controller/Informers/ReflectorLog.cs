using Microsoft.Extensions.Logging;

namespace Walle.Controller.Informers;

/// <summary>Log messages of list and watch. Event ids 1000 to 1099.</summary>
internal static partial class ReflectorLog
{
    [LoggerMessage(1000, LogLevel.Information, "{Kind}: listed {Count} objects at resource version {ResourceVersion}")]
    public static partial void Listed(ILogger logger, string kind, int count, string resourceVersion);

    [LoggerMessage(1001, LogLevel.Warning, "{Kind}: the list failed ({Failure}): {Reason}")]
    public static partial void ListFailed(ILogger logger, string kind, ListWatchFailure failure, string reason);

    [LoggerMessage(1002, LogLevel.Warning, "{Kind}: the watch failed ({Failure}): {Reason}")]
    public static partial void WatchFailed(ILogger logger, string kind, ListWatchFailure failure, string reason);

    [LoggerMessage(1003, LogLevel.Information, "{Kind}: the watch expired and the kind is listed again: {Reason}")]
    public static partial void WatchExpired(ILogger logger, string kind, string reason);

    [LoggerMessage(1004, LogLevel.Debug, "{Kind}: the watch ended ({End}) after {Lived} at resource version {ResourceVersion}")]
    public static partial void WatchEnded(ILogger logger, string kind, WatchEnd end, TimeSpan lived, string resourceVersion);

    [LoggerMessage(1005, LogLevel.Warning, "{Kind}: the server has not ended the watch after {Limit}: the connection counts as dead")]
    public static partial void WatchWentSilent(ILogger logger, string kind, TimeSpan limit);

    [LoggerMessage(1006, LogLevel.Debug, "{Kind}: next try in {Delay}")]
    public static partial void BackingOff(ILogger logger, string kind, TimeSpan delay);

    [LoggerMessage(1007, LogLevel.Error, "{Kind}: an object of the list cannot be read and is left out (near {Start})")]
    public static partial void ObjectSkipped(ILogger logger, string kind, string start, Exception? exception);

    [LoggerMessage(1008, LogLevel.Error, "{Kind}: an event handler failed for {Object}")]
    public static partial void HandlerFailed(ILogger logger, string kind, string @object, Exception exception);

    [LoggerMessage(1009, LogLevel.Information, "{Kind}: the API server does not serve this kind; it is looked for again from time to time")]
    public static partial void Absent(ILogger logger, string kind);

    [LoggerMessage(1010, LogLevel.Error, "{Kind}: {Object} has a wrong value and is treated as invalid: {Reason}")]
    public static partial void ObjectInvalid(ILogger logger, string kind, string @object, string reason);
}
