namespace Walle.Controller.Scheduling;

internal enum RunCause
{
    /// <summary>The tick is due.</summary>
    OnTime,

    /// <summary>The tick was due more than a minute ago, or stands for others that were.</summary>
    CatchUp,

    /// <summary>Somebody asked.</summary>
    RunNow,
}
