using System.Text;

namespace Walle.Worker.Restic;

/// <summary>Makes one readable line of a message of restic.</summary>
internal static class ResticMessage
{
    /// <summary>Drops "Fatal:", the stack that restic prints after unexpected errors, and joins the lines.</summary>
    public static string Clean(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var kept = new StringBuilder();
        for (var i = 0; i < lines.Length; i++)
        {
            // A frame is a function and, indented below it, its file; what comes before the first frame's file is the function's name.
            var frame = i + 1 < lines.Length && lines[i + 1].StartsWith('\t');
            if (frame || lines[i].StartsWith('\t') || lines[i].StartsWith("Is there a repository at the following location", StringComparison.Ordinal))
                break;
            var line = lines[i].Replace("Fatal: ", "", StringComparison.Ordinal).Trim();
            if (line.Length > 0)
                _ = (kept.Length > 0 ? kept.Append(": ") : kept).Append(line.TrimEnd(':'));
        }
        return kept.ToString();
    }
}
