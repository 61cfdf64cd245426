using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Hooks;

/// <summary>
/// Which command runs in which container of which Pod. Targets are derived from the source; an annotation names containers and never a Pod. What
/// cannot work is found before anything is frozen.
/// </summary>
internal static class HookPlanner
{
    private const int MostTargets = 64;

    public static HookPlan Plan(WorkloadFacts facts, string @namespace)
    {
        // What a Pod would say that is not there: a workload may be scaled to nothing.
        var (general, problem) = Settings(facts, null);
        if (general is null)
            return Wrong(Reason.InvalidHook, $"{facts.Kind} {facts.Name}: {problem}");

        var plan = Window(facts, @namespace);
        if (plan.Problem is not null)
            return plan;
        if (plan.Before.Count + plan.After.Count > MostTargets)
            return Wrong(Reason.InvalidHook, $"{facts.Kind} {facts.Name} has {plan.Before.Count + plan.After.Count} hooks in its Pods; at most {MostTargets} are run for one backup");
        // Who names a claim means the claim.
        return facts.Kind == SourceKind.PersistentVolumeClaim ? plan : WithDump(facts, plan, general, @namespace);
    }

    /// <summary>After a restart, with a window open: what can be thawed is, whatever has become of its neighbours.</summary>
    public static HookPlan PlanForThaw(WorkloadFacts facts, string @namespace)
    {
        var pods = facts.Pods.Select(pod => Window(facts with { Pods = [pod] }, @namespace)).ToList();
        var after = pods.Where(plan => plan.Problem is null).SelectMany(plan => plan.After).ToList();
        return new HookPlan { After = after, Problem = after.Count == 0 ? pods.Find(plan => plan.Problem is not null)?.Problem : null };
    }

    private static HookPlan Window(WorkloadFacts facts, string @namespace)
    {
        var plan = HookPlan.None;
        foreach (var pod in facts.Pods.Where(pod => pod.Running))
        {
            var (settings, wrong) = Settings(facts, pod);
            if (settings is null)
                return Wrong(Reason.InvalidHook, $"Pod {pod.Name}: {wrong}");
            if (pod.Claims.Intersect(facts.Claims).Any())
            {
                var before = Targets(facts, pod, settings.Before, settings.BeforeContainers, HookAnnotation.Before, settings, @namespace);
                var after = Targets(facts, pod, settings.After, settings.AfterContainers, HookAnnotation.After, settings, @namespace);
                if ((before.Problem ?? after.Problem) is { } missing)
                    return Wrong(Reason.HookContainerNotFound, missing);
                plan = plan with { Before = [.. plan.Before, .. before.Targets], After = [.. plan.After, .. after.Targets] };
            }
        }

        return plan;
    }

    private static HookPlan WithDump(WorkloadFacts facts, HookPlan plan, HookSettings general, string @namespace)
    {
        // Once for the workload, not once for each replica: the first Pod that is ready, else the first that runs.
        var pods = facts.Pods.Where(pod => pod.Running).OrderByDescending(pod => pod.Ready).Select(pod => (Pod: pod, Settings: Settings(facts, pod).Settings!)).Where(found => found.Settings.Dump is not null).ToList();
        if (pods.Count == 0)
        {
            return general.Dump is null
                ? plan
                : Wrong(Reason.HookPodNotFound, $"no Pod of {facts.Kind} {facts.Name} runs, so {HookAnnotation.Dump} has nowhere to run; see: kubectl -n {@namespace} get pods");
        }

        var (pod, settings) = pods[0];
        var container = settings.DumpContainer ?? OnlyContainer(facts, pod);
        if (container is null)
            return Wrong(Reason.HookContainerNotFound, $"Pod {pod.Name} has several containers and none mounts a claim; name one in annotation {HookAnnotation.DumpContainer}");
        if (Missing(pod, container, HookAnnotation.Dump, @namespace) is { } missing)
            return Wrong(Reason.HookContainerNotFound, missing);
        var fileName = settings.FileName ?? $"{facts.Name}-{container}.dump";
        var dump = new DumpTarget(facts.Name, pod.Name, pod.Uid, container, settings.Dump!, settings.DumpTimeout, fileName);
        // Without volumes there is no cut that anybody would have to be quiet for.
        return settings.WithVolumes ? plan with { Dump = dump } : new HookPlan { Dump = dump, InsteadOfVolumes = true };
    }

    private static (IReadOnlyList<HookTarget> Targets, string? Problem) Targets(
        WorkloadFacts facts, PodFacts pod, IReadOnlyList<string>? command, IReadOnlyList<string>? named, string annotation, HookSettings settings, string @namespace)
    {
        if (command is null)
            return ([], null);
        var containers = named ?? [.. pod.Containers.Where(container => container.Claims.Intersect(facts.Claims).Any()).Select(container => container.Name)];
        foreach (var container in containers)
        {
            if (Missing(pod, container, annotation, @namespace) is { } problem)
                return ([], problem);
        }

        return ([.. containers.Select(container => new HookTarget(pod.Name, pod.Uid, container, command, settings.Timeout, settings.ContinueOnError))], null);
    }

    /// <summary>The first that mounts a claim of the source, else the only one.</summary>
    internal static string? OnlyContainer(WorkloadFacts facts, PodFacts pod) =>
        (pod.Containers.FirstOrDefault(candidate => candidate.Claims.Intersect(facts.Claims).Any()) ?? (pod.Containers.Count == 1 ? pod.Containers[0] : null))?.Name;

    internal static string? Missing(PodFacts pod, string container, string annotation, string @namespace) => pod.Containers.FirstOrDefault(candidate => candidate.Name == container) switch
    {
        null => $"Pod {pod.Name} has no container {container}, which {annotation} is to run in; it has {string.Join(", ", pod.Containers.Select(candidate => candidate.Name))}. Name one in {annotation}-container",
        { Running: false } => $"container {container} of Pod {pod.Name}, which {annotation} is to run in, is not running; see: kubectl -n {@namespace} describe pod {pod.Name}",
        _ => null,
    };

    /// <summary>The Pod's own annotation wins over its template's, and that over the workload's.</summary>
    internal static (HookSettings? Settings, string? Problem) Settings(WorkloadFacts facts, PodFacts? pod)
    {
        Dictionary<string, string> merged = [];
        foreach (var (key, value) in facts.Annotations.Concat(facts.TemplateAnnotations).Concat(pod?.Annotations ?? new Dictionary<string, string>()))
            merged[key] = value;
        return HookAnnotationParser.Parse(merged);
    }

    private static HookPlan Wrong(Reason reason, string message) => new() { Problem = (reason, message) };
}
