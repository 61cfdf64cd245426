using Walle.Crds.Conditions;

namespace Walle.Controller.Pipeline;

/// <summary>The conditions of any kind.</summary>
internal static class ConditionList
{
    public const int MaxMessageLength = 1024;

    public static Condition? Find(List<Condition>? conditions, string type) => conditions?.Find(condition => condition.Type == type);

    /// <summary>
    /// The same list when nothing changes. lastTransitionTime moves only when the status does, and never back (Kubernetes API conventions, "Typical
    /// status properties").
    /// </summary>
    public static List<Condition>? With(List<Condition>? conditions, string type, string value, Reason reason, string message, long? generation, DateTimeOffset at)
    {
        var old = Find(conditions, type);
        var now = ConditionSet.Seconds(at);
        var condition = new Condition
        {
            Type = type,
            Status = value,
            Reason = reason.ToString(),
            Message = ConditionSet.Cut(message, MaxMessageLength),
            ObservedGeneration = generation,
            LastTransitionTime = old?.Status == value ? old.LastTransitionTime : old is not null && old.LastTransitionTime > now ? old.LastTransitionTime : now,
        };
        if (condition == old)
        {
            return conditions;
        }

        var changed = new List<Condition>(conditions ?? []);
        var index = changed.FindIndex(candidate => candidate.Type == type);
        if (index < 0)
        {
            changed.Add(condition);
        }
        else
        {
            changed[index] = condition;
        }

        return changed;
    }
}
