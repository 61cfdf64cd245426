namespace Walle.Worker.Source;

/// <param name="Content">What was found.</param>
/// <param name="ExcludeLostAndFound">The root's lost+found holds nothing, or nothing that can be read.</param>
/// <param name="FirstUnreadable">The first path that could not be read, or null.</param>
internal sealed record SourceInspection(SourceContent Content, bool ExcludeLostAndFound, string? FirstUnreadable);
