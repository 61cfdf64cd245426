using System.Globalization;
using System.Net;

namespace Walle.Worker.Environment;

/// <summary>
/// Who to log in as, and where, from <c>user@host:path</c> or <c>//user@host:port/path</c> (restic's manual, "SFTP"). Strict, since both end up as
/// settings of ssh: nothing in them may be read as anything but a name.
/// </summary>
internal sealed record SftpAddress(string User, string Host, int Port)
{
    public const string Example = "sftp:user@host:path or, with a port, sftp://user@host:23/path; an absolute path in the latter begins with a second slash";
    private const int DefaultPort = 22;

    /// <param name="location">What follows <c>sftp:</c>.</param>
    /// <returns>Null: it is neither form.</returns>
    public static SftpAddress? Parse(string location)
    {
        var isUrl = location.StartsWith("//", StringComparison.Ordinal);
        var text = isUrl ? location[2..] : location;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 1 || !IsName(text[..at], "_.-+"))
            return null;
        var (user, rest) = (text[..at], text[(at + 1)..]);
        var end = HostEnd(rest, isUrl);
        if (end < 1 || end + 1 >= rest.Length)
            return null;
        var (host, after) = (rest[..end], rest[end..]);
        var port = DefaultPort;
        if (isUrl && after[0] == ':')
        {
            var slash = after.IndexOf('/', StringComparison.Ordinal);
            if (slash < 2 || slash + 1 >= after.Length || !int.TryParse(after[1..slash], NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535)
                return null;
        }

        return HostName(host) is { } name ? new SftpAddress(user, name, port) : null;
    }

    /// <summary>Where the host ends: at the colon before the path, or in a URL before a port or the path.</summary>
    private static int HostEnd(string text, bool isUrl)
    {
        var start = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) : 0;
        return start < 0 ? -1 : isUrl ? text.AsSpan(start).IndexOfAny(':', '/') is >= 0 and var found ? found + start : -1 : text.IndexOf(':', start);
    }

    private static string? HostName(string host)
    {
        if (host is ['[', .. var inner, ']'])
            return IPAddress.TryParse(inner, out var address) && inner.Contains(':', StringComparison.Ordinal) && !inner.Contains('%', StringComparison.Ordinal) ? address.ToString() : null;
        return IsName(host, ".-") ? host : null;
    }

    private static bool IsName(string text, string punctuation) =>
        text.Length is > 0 and <= 253 && (char.IsAsciiLetterOrDigit(text[0]) || text[0] == '_')
        && text.All(c => char.IsAsciiLetterOrDigit(c) || punctuation.Contains(c, StringComparison.Ordinal));
}
