namespace Walle.Controller.Scheduling;

/// <summary>A stretch of time with one offset from UTC. All in minutes; Start (inclusive) and End (exclusive) since 0001-01-01 in UTC.</summary>
internal sealed record ZoneSegment(long Start, long End, int Offset)
{
    public bool Contains(long minute) => Start <= minute && minute < End;

    public long ToLocal(long minute) => minute + Offset;
}
