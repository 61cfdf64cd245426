namespace Walle.Controller.Kubernetes;

/// <summary>What an answer of the API server to a write means.</summary>
internal enum ApiErrorClass
{
    NotFound,
    AlreadyExists,
    Conflict,
    NamespaceTerminating,
    QuotaExceeded,
    Forbidden,
    Invalid,

    /// <summary>Trying again can help: throttled, a server error, no connection, no answer in time.</summary>
    Transient,
}
