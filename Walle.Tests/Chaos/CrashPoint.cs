using Walle.Tests.Chaos.Proxy;

namespace Walle.Tests.Chaos;

/// <summary>One moment of a scenario, and what happens in it.</summary>
/// <param name="Call">The kind of call: <c>patch backupjobs/status</c>.</param>
/// <param name="Number">The how-manieth of that kind, from 1.</param>
internal sealed record CrashPoint(string Call, int Number, CrashSide Side)
{
    public FaultPlan Plan => new(0, new FaultRule("crash", Call, Action) { From = Number });

    private FaultAction Action => Side switch
    {
        CrashSide.KilledBefore => FaultAction.KillBefore,
        CrashSide.KilledAfter => FaultAction.KillAfter,
        _ => FaultAction.DropAfter,
    };

    public override string ToString() => $"{Side} {Call} {Number}";
}
