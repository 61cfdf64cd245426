using System.Globalization;

namespace Walle.Tests.Chaos.Proxy;

/// <summary>
/// A fault program: rules and a seed. Whether a rule strikes a call depends on the seed, the rule and the number of the call among those that the rule
/// matches, and on nothing else, so that a run can be played again.
/// </summary>
internal sealed class FaultPlan(int seed, params IReadOnlyList<FaultRule> rules)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Seen, int Struck)> _counts = [];
    private readonly List<string> _trace = [];
    private bool _isArmed;

    /// <summary>No faults: for a run that is recorded.</summary>
    public static FaultPlan None => new(0);

    /// <summary>What struck, in order: <c>drop-after patch backupjobs/status 2</c>.</summary>
    public IReadOnlyList<string> Trace
    {
        get
        {
            lock (_gate)
                return [.. _trace];
        }
    }

    public bool IsArmed
    {
        get
        {
            lock (_gate)
                return _isArmed;
        }
    }

    /// <summary>From now on calls count and faults strike.</summary>
    public void Arm()
    {
        lock (_gate)
            _isArmed = true;
    }

    /// <summary>The faults stop.</summary>
    public void Disarm()
    {
        lock (_gate)
            _isArmed = false;
    }

    /// <returns>The first rule that strikes; null: the call passes.</returns>
    public FaultRule? Decide(ApiCall call)
    {
        lock (_gate)
        {
            if (!_isArmed)
                return null;
            FaultRule? strikes = null;
            foreach (var rule in rules.Where(rule => rule.Matches(call)))
            {
                var (seen, struck) = _counts.GetValueOrDefault(rule.Id);
                seen++;
                if (strikes is null && seen >= rule.From && struck < rule.Times && Draw(seed, rule.Id, seen) < rule.Probability)
                {
                    struck++;
                    strikes = rule;
                    _trace.Add(string.Create(CultureInfo.InvariantCulture, $"{rule.Id}: {rule.Action} {call.Kind} {call.Name} ({seen})"));
                }

                _counts[rule.Id] = (seen, struck);
            }

            return strikes;
        }
    }

    /// <summary>0 to 1, evenly; string.GetHashCode would differ in each process.</summary>
    private static double Draw(int seed, string rule, int number)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in string.Create(CultureInfo.InvariantCulture, $"{seed}/{rule}/{number}"))
            hash = (hash ^ letter) * 1099511628211UL;
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccdUL;
        hash ^= hash >> 33;
        return (hash >> 11) / (double)(1UL << 53);
    }
}
