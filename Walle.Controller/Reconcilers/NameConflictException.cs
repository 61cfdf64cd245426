namespace Walle.Controller.Reconcilers;

/// <summary>An object with a name that Walle computed belongs to somebody else. It is never adopted and never deleted.</summary>
internal sealed class NameConflictException(string message) : Exception(message);
