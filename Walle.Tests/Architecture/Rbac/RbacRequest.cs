namespace Walle.Tests.Architecture.Rbac;

/// <summary>What somebody asked of the API server; a subresource is written as in a rule: <c>backupjobs/status</c>.</summary>
internal sealed record RbacRequest(string ApiGroup, string Resource, string Verb, string? Namespace);
