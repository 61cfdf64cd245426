using Walle.Controller.Scheduling;

namespace Walle.Tests.Bench;

/// <summary>What wakes many schedules: Walle's one timer, or the comparator, a timer of the system for each.</summary>
internal abstract class ScheduleAlarms(Action<int> due) : IDisposable
{
    protected Action<int> Due { get; } = due;

    public abstract void Set(int schedule, DateTimeOffset at);

    public abstract void Dispose();

    internal sealed class OneTimer : ScheduleAlarms
    {
        private readonly TickTimer<int> _timer;

        public OneTimer(Action<int> due)
            : base(due) => _timer = new TickTimer<int>(TimeProvider.System, Due);

        public override void Set(int schedule, DateTimeOffset at) => _timer.Set(schedule, at);

        public override void Dispose() => _timer.Dispose();
    }

    internal sealed class TimerEach(int count, Action<int> due) : ScheduleAlarms(due)
    {
        private readonly Timer?[] _timers = new Timer?[count];

        public override void Set(int schedule, DateTimeOffset at)
        {
            var wait = at - TimeProvider.System.GetUtcNow();
            _timers[schedule] ??= new Timer(_ => Due(schedule));
            _timers[schedule]!.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }

        public override void Dispose()
        {
            foreach (var timer in _timers)
                timer?.Dispose();
        }
    }
}
