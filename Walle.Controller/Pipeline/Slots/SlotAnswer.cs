namespace Walle.Controller.Pipeline.Slots;

/// <summary>Either a slot, or a place in the queue.</summary>
/// <param name="Position">From 1; 0 when the slot is given.</param>
/// <param name="WaitsFor">The limit that stands in the way, in words.</param>
/// <param name="IsNews">The place has not been told for a while. It changes all the time, and each time that it is told is a write.</param>
internal sealed record SlotAnswer(int Position, int QueueLength, string WaitsFor, bool IsNews)
{
    public static readonly SlotAnswer Given = new(0, 0, "", IsNews: false);

    public bool IsGiven => Position == 0;
}
