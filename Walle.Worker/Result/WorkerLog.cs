using System.Globalization;
using Walle.Worker.Restic;

namespace Walle.Worker.Result;

/// <summary>Lines for people. Redacted, one line each, and bounded: kubelet keeps the log, and a volume may hold a million unreadable files.</summary>
internal sealed class WorkerLog(TextWriter output, TextWriter errors, TimeProvider time)
{
    private const int MostNotes = 200;
    private const int LongestLine = 1000;
    private static readonly TimeSpan BetweenProgress = TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private int _notes;
    private long? _progressed;

    public Redactor Redactor { get; set; } = Redactor.None;

    public void Say(string text) => Write(output, text);

    public void Error(string text) => Write(errors, text);

    /// <summary>What restic said beside its result.</summary>
    public void Note(string text)
    {
        var number = Interlocked.Increment(ref _notes);
        if (number < MostNotes)
            Write(output, "restic: " + text);
        else if (number == MostNotes)
            Write(output, "restic says more than is shown here");
    }

    public void Progress(ResticProgress progress)
    {
        if (_progressed is { } last && time.GetElapsedTime(last) < BetweenProgress)
            return;
        _progressed = time.GetTimestamp();
        Say(string.Create(CultureInfo.InvariantCulture,
            $"{progress.Fraction:P0}, {progress.FilesDone} of {progress.FilesTotal} files, {Size(progress.BytesDone)} of {Size(progress.BytesTotal)}, {progress.Seconds} s"));
    }

    public static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.0} MiB"),
        >= 1L << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 10):0.0} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
    };

    private void Write(TextWriter to, string text)
    {
        var line = VisibleText.Escape(VisibleText.Cut(Redactor.Redact(text), LongestLine));
        lock (_lock)
            to.WriteLine(line);
    }
}
