using System.Text.Json;

namespace Walle.Tests.Architecture.Rbac;

/// <summary>Reads the API server's audit log: one audit.k8s.io/v1 Event a line.</summary>
internal static class AuditLog
{
    /// <summary>All that the users asked for, each once; requests that name no resource (discovery, health) left out.</summary>
    /// <param name="users">For example <c>system:serviceaccount:walle-system:walle-controller</c>.</param>
    public static IReadOnlySet<RbacRequest> Requests(string log, params string[] users)
    {
        HashSet<RbacRequest> requests = [];
        foreach (var line in log.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // The last line may be half written while the server lives.
            if (!line.EndsWith('}'))
                continue;

            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            // A request made in another's name counts for whom it was made.
            var user = Text(root, "impersonatedUser", "username") ?? Text(root, "user", "username");
            if (!users.Contains(user) || Text(root, "objectRef", "resource") is not { } resource)
                continue;

            var subresource = Text(root, "objectRef", "subresource");
            requests.Add(new RbacRequest(
                Text(root, "objectRef", "apiGroup") ?? "",
                subresource is null ? resource : $"{resource}/{subresource}",
                Text(root, "verb") ?? "",
                Text(root, "objectRef", "namespace")));
        }

        return requests;
    }

    private static string? Text(JsonElement element, params string[] path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }

        return element.GetString();
    }
}
