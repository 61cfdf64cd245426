using System.Text;

namespace Walle.Controller.Kubernetes;

/// <summary>Where the API server serves the lists of a kind. The core group is the empty string.</summary>
internal sealed record ResourcePath(string Group, string Version, string Plural)
{
    /// <summary>For logs, metrics and messages: <c>jobs.batch</c>.</summary>
    public string QualifiedName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <param name="ns">Null: all namespaces.</param>
    public string ListUri(string? ns, string? labelSelector, int? limit, string? continueToken) =>
        Start(ns, labelSelector)
            .AppendQuery("limit", limit?.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .AppendQuery("continue", continueToken)
            .ToString();

    public string WatchUri(string? ns, string? labelSelector, string resourceVersion, int timeoutSeconds) =>
        Start(ns, labelSelector)
            .AppendQuery("watch", "true")
            .AppendQuery("allowWatchBookmarks", "true")
            .AppendQuery("resourceVersion", resourceVersion)
            .AppendQuery("timeoutSeconds", timeoutSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .ToString();

    private QueryBuilder Start(string? ns, string? labelSelector)
    {
        var path = new StringBuilder(Group.Length == 0 ? "api/" : $"apis/{Group}/").Append(Version);
        if (ns is not null)
            path.Append("/namespaces/").Append(Uri.EscapeDataString(ns));
        path.Append('/').Append(Plural);
        return new QueryBuilder(path).AppendQuery("labelSelector", labelSelector);
    }

    private sealed class QueryBuilder(StringBuilder uri)
    {
        private char _separator = '?';

        public QueryBuilder AppendQuery(string name, string? value)
        {
            if (value is null)
                return this;
            uri.Append(_separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            _separator = '&';
            return this;
        }

        public override string ToString() => uri.ToString();
    }
}
