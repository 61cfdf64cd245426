namespace Walle.Controller.Informers;

/// <summary>Time of the last step of a loop. Thread-safe.</summary>
internal sealed class Progress(TimeProvider timeProvider)
{
    private long _last = timeProvider.GetTimestamp();

    public TimeSpan Age => timeProvider.GetElapsedTime(Volatile.Read(ref _last));

    public void Mark() => Volatile.Write(ref _last, timeProvider.GetTimestamp());
}
