namespace Walle.Crds.Exec;

/// <summary>The API server answered the request for an exec with something else than a connection.</summary>
public sealed class ExecRefusedException(int statusCode, string message) : Exception(message)
{
    public const int Unauthorized = 401;
    public const int Forbidden = 403;
    public const int NotFound = 404;

    /// <summary>Of HTTP.</summary>
    public int StatusCode { get; } = statusCode;
}
