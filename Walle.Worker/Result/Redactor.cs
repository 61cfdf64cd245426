using System.Buffers;
using System.Text.Json;

namespace Walle.Worker.Result;

/// <summary>Takes the credentials' own values out of every text that leaves the worker, in the spellings in which restic or a backend may print them.</summary>
internal sealed class Redactor
{
    private const string Mask = "***";

    /// <summary>A shorter value would hit ordinary words everywhere; it is masked only where it stands alone.</summary>
    private const int ShortestAnywhere = 4;

    private static readonly SearchValues<char> AfterAuthority = SearchValues.Create("/ \t\r\n\"'<>");
    private readonly string[] _anywhere;
    private readonly string[] _alone;

    public Redactor(IEnumerable<string> secrets)
    {
        var spellings = secrets.Where(s => s.Length > 0).SelectMany(Spellings).Where(s => s.Length > 0).Distinct().OrderByDescending(s => s.Length).ToList();
        _anywhere = [.. spellings.Where(s => s.Length >= ShortestAnywhere)];
        _alone = [.. spellings.Where(s => s.Length < ShortestAnywhere)];
    }

    public static Redactor None { get; } = new([]);

    public string Redact(string text)
    {
        foreach (var secret in _anywhere)
            text = text.Replace(secret, Mask, StringComparison.Ordinal);
        foreach (var secret in _alone)
            text = ReplaceAlone(text, secret);
        return MaskUserInfo(text);
    }

    private static IEnumerable<string> Spellings(string secret)
    {
        yield return secret;
        yield return Uri.EscapeDataString(secret);
        yield return Uri.UnescapeDataString(secret);
        yield return JsonEncodedText.Encode(secret).ToString();
        foreach (var line in secret.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            yield return line;
    }

    private static string ReplaceAlone(string text, string secret)
    {
        for (var at = text.IndexOf(secret, StringComparison.Ordinal); at >= 0; at = text.IndexOf(secret, at, StringComparison.Ordinal))
        {
            var end = at + secret.Length;
            var alone = (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]));
            if (alone)
            {
                text = string.Concat(text.AsSpan(0, at), Mask, text.AsSpan(end));
                at += Mask.Length;
            }
            else
            {
                at = end;
            }
        }
        return text;
    }

    /// <summary>user:password@ of any URL, also of one that is not ours (a redirection).</summary>
    private static string MaskUserInfo(string text)
    {
        const string Start = "://";
        for (var at = text.IndexOf(Start, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Start, at, StringComparison.Ordinal))
        {
            at += Start.Length;
            var length = text.AsSpan(at).IndexOfAny(AfterAuthority);
            var user = (length < 0 ? text.AsSpan(at) : text.AsSpan(at, length)).LastIndexOf('@');
            if (user > 0)
                text = string.Concat(text.AsSpan(0, at), Mask, text.AsSpan(at + user));
        }
        return text;
    }
}
