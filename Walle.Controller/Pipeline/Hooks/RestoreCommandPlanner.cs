using Walle.Crds;
using Walle.Crds.Conditions;

namespace Walle.Controller.Pipeline.Hooks;

/// <summary>Which command takes a dump, in which container of which Pod: by the same rules as a dump is taken.</summary>
internal static class RestoreCommandPlanner
{
    /// <param name="facts">Null when the workload does not exist.</param>
    public static RestoreCommandPlan Plan(WorkloadFacts? facts, string kind, string name, string @namespace)
    {
        var workload = $"{kind} {name}";
        if (facts is null)
            return Wrong(Reason.TargetNotFound, $"{workload} (spec.target.exec) does not exist in namespace {@namespace}; list them with: kubectl -n {@namespace} get {kind}");

        // Once: the first Pod that is ready, else the first that runs.
        var pod = facts.Pods.Where(pod => pod.Running).OrderByDescending(pod => pod.Ready).FirstOrDefault();
        var (settings, wrong) = HookPlanner.Settings(facts, pod);
        if (settings is null)
            return Wrong(Reason.InvalidHook, $"{workload}: {wrong}");
        if (settings.Restore is null)
            return Wrong(Reason.RestoreCommandMissing, $"{workload} has no annotation {HookAnnotation.Restore}; write the command that reads the dump from its standard input there (docs/hooks.md)");
        if (pod is null)
            return Wrong(Reason.HookPodNotFound, $"no Pod of {workload} runs, so {HookAnnotation.Restore} has nowhere to run; see: kubectl -n {@namespace} get pods");
        var container = settings.RestoreContainer ?? HookPlanner.OnlyContainer(facts, pod);
        if (container is null)
            return Wrong(Reason.HookContainerNotFound, $"Pod {pod.Name} has several containers and none mounts a claim; name one in annotation {HookAnnotation.RestoreContainer}");
        return HookPlanner.Missing(pod, container, HookAnnotation.Restore, @namespace) is { } missing
            ? Wrong(Reason.HookContainerNotFound, missing)
            : new RestoreCommandPlan(new RestoreCommandTarget(pod.Name, pod.Uid, container, settings.Restore, settings.RestoreTimeout), null);
    }

    private static RestoreCommandPlan Wrong(Reason reason, string message) => new(null, (reason, message));
}
