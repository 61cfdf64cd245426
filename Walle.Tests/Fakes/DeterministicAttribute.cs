using System.Collections.Concurrent;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Commands;

namespace Walle.Tests.Fakes;

/// <summary>
/// From its first await on, the test and every loop that it has started take turns on one thread, in order. So a few Task.Yield in the test let all
/// loops run until they wait for something, and what happens between two steps of a FakeTimeProvider is always the same.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class DeterministicAttribute : Attribute, IWrapTestMethod, IApplyToContext
{
    public TestCommand Wrap(TestCommand command) => new Command(command);

    public void ApplyToContext(TestExecutionContext context)
    {
    }

    private sealed class Command(TestCommand inner) : DelegatingTestCommand(inner)
    {
        public override TestResult Execute(TestExecutionContext context)
        {
            using var turns = new Turns();
            var before = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(turns);
            try
            {
                return innerCommand.Execute(context);
            }
            finally
            {
                SynchronizationContext.SetSynchronizationContext(before);
            }
        }
    }

    private sealed class Turns : SynchronizationContext, IDisposable
    {
        private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _queue = [];
        private readonly Lock _lock = new();
        private readonly Thread _thread;
        private bool _ended;

        public Turns()
        {
            _thread = new Thread(Run) { IsBackground = true, Name = nameof(DeterministicAttribute) };
            _thread.Start();
        }

        public override void Post(SendOrPostCallback d, object? state)
        {
            lock (_lock)
            {
                if (!_ended)
                {
                    _queue.Add((d, state));
                    return;
                }
            }

            // In the tear-down, order no longer matters.
            base.Post(d, state);
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _ended = true;
                _queue.CompleteAdding();
            }

            _thread.Join();
            _queue.Dispose();
        }

        private void Run()
        {
            SetSynchronizationContext(this);
            foreach (var (callback, state) in _queue.GetConsumingEnumerable())
                callback(state);
        }
    }
}
