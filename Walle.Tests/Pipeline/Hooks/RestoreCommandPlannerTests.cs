using NUnit.Framework;
using Walle.Controller.Pipeline.Hooks;
using Walle.Crds;
using Walle.Crds.Conditions;

namespace Walle.Tests.Pipeline.Hooks;

/// <summary>Where a dump is restored into.</summary>
internal sealed class RestoreCommandPlannerTests
{
    [Test]
    public void It_is_the_first_Pod_that_is_ready_and_the_container_that_mounts_a_claim()
    {
        var target = Plan(Workload("psql", Pod("db-0") with { Ready = false }, Pod("db-1"), Pod("db-2"))).Target!;
        Assert.That((target.Pod, target.PodUid, target.Container, target.Timeout), Is.EqualTo(("db-1", "uid-db-1", "db", TimeSpan.FromHours(1))));
        Assert.That(target.Command, Is.EqualTo(new[] { "/bin/sh", "-c", "psql" }));
    }

    [Test]
    public void Its_annotations_name_the_container_and_the_timeout()
    {
        var facts = Workload("[\"psql\"]", Pod("db-0") with { Annotations = new Dictionary<string, string> { [HookAnnotation.RestoreContainer] = "sidecar", [HookAnnotation.RestoreTimeout] = "90s" } });
        Assert.That((Plan(facts).Target!.Container, Plan(facts).Target!.Timeout, Plan(facts).Target!.Command), Is.EqualTo(("sidecar", TimeSpan.FromSeconds(90), (IReadOnlyList<string>)["psql"])));
    }

    [Test]
    public void What_is_missing_is_named()
    {
        Assert.That(RestoreCommandPlanner.Plan(null, "StatefulSet", "db", "shop").Problem!.Value, Is.EqualTo((Reason.TargetNotFound, "StatefulSet db (spec.target.exec) does not exist in namespace shop; list them with: kubectl -n shop get StatefulSet")));
        Told(Workload("", Pod("db-0")), Reason.RestoreCommandMissing, HookAnnotation.Restore);
        Told(Workload("psql"), Reason.HookPodNotFound, "no Pod of StatefulSet db runs");
        Told(Workload("psql", Pod("db-0") with { Running = false }), Reason.HookPodNotFound, "no Pod");
        Told(Workload("psql", Pod("db-0") with { Annotations = new Dictionary<string, string> { [HookAnnotation.RestoreContainer] = "other" } }), Reason.HookContainerNotFound, "no container other");
        Told(Workload("psql", Pod("db-0") with { Annotations = new Dictionary<string, string> { [HookAnnotation.Container] = "db,sidecar" } }), Reason.InvalidHook, "restored into one");
        Told(Workload("psql", Pod("db-0") with { Claims = [], Containers = [new("a", true, []), new("b", true, [])] }), Reason.HookContainerNotFound, "several containers");
    }

    private static void Told(WorkloadFacts facts, Reason reason, string told)
    {
        var problem = Plan(facts).Problem!.Value;
        Assert.That((problem.Reason, problem.Message), Is.EqualTo((reason, problem.Message)));
        Assert.That(problem.Message, Does.Contain(told));
    }

    private static RestoreCommandPlan Plan(WorkloadFacts facts) => RestoreCommandPlanner.Plan(facts, facts.Kind, facts.Name, "shop");

    private static WorkloadFacts Workload(string command, params PodFacts[] pods) =>
        new() { Kind = "StatefulSet", Name = "db", Annotations = new Dictionary<string, string> { [HookAnnotation.Restore] = command }, Pods = pods, Claims = ["data"] };

    private static PodFacts Pod(string name) => new()
    {
        Name = name, Uid = $"uid-{name}", Running = true, Ready = true, Claims = ["data"], Containers = [new ContainerFacts("sidecar", true, []), new ContainerFacts("db", true, ["data"])],
    };
}
