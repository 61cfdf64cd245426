using System.Text;

namespace Walle.Crds.Exec;

/// <summary>One command to be run in a container: no terminal, which would rewrite bytes.</summary>
public sealed record ExecRequest(string Namespace, string Pod, string Container, IReadOnlyList<string> Command)
{
    /// <summary>The command gets a standard input.</summary>
    public bool HasInput { get; init; }

    /// <summary>
    /// The address at an API server. Every value is escaped whole, so that none can end its parameter, add another one (<c>&amp;container=…</c>) or
    /// leave the path (<c>..</c>).
    /// </summary>
    public Uri At(Uri server)
    {
        var address = new StringBuilder(server.GetLeftPart(UriPartial.Path).TrimEnd('/'))
            .Append("/api/v1/namespaces/").Append(Segment(Namespace)).Append("/pods/").Append(Segment(Pod)).Append("/exec?container=").Append(Uri.EscapeDataString(Container));
        foreach (var word in Command)
            _ = address.Append("&command=").Append(Uri.EscapeDataString(word));
        return new Uri(address.Append($"&stdin={(HasInput ? "true" : "false")}&stdout=true&stderr=true&tty=false").ToString());
    }

    // A dot is not escaped by anybody, and "." and ".." would be resolved. No Kubernetes object has such a name.
    private static string Segment(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.') && name[0] is not '.' and not '-'
            ? name
            : throw new ArgumentException($"'{name}' is no name of a Kubernetes object", nameof(name));
}
