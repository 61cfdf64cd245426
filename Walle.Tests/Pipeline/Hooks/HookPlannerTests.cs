using NUnit.Framework;
using Walle.Controller.Pipeline.Hooks;
using Walle.Crds;
using Walle.Crds.Conditions;

namespace Walle.Tests.Pipeline.Hooks;

/// <summary>Which command runs where.</summary>
internal sealed class HookPlannerTests
{
    private static readonly Dictionary<string, string> Freeze = new() { [HookAnnotation.Before] = "freeze", [HookAnnotation.After] = "thaw" };

    [Test]
    public void Every_running_Pod_that_mounts_a_claim_takes_part_in_the_containers_that_mount_it()
    {
        var plan = Plan(Workload(Freeze, Pod("db-0"), Pod("db-1"), Pod("db-2") with { Running = false }, Pod("web-0") with { Claims = [], Containers = [new("db", true, [])] }));
        Assert.That(plan.Before.Select(target => (target.Pod, target.PodUid, target.Container)), Is.EqualTo(new[] { ("db-0", "uid-db-0", "db"), ("db-1", "uid-db-1", "db") }));
        Assert.That(plan.After, Has.Count.EqualTo(2));
    }

    [Test]
    public void The_Pods_own_annotation_wins_over_the_template_and_that_over_the_workload()
    {
        var workload = Workload(Freeze, Pod("db-0"), Pod("db-1") with { Annotations = new Dictionary<string, string> { [HookAnnotation.Before] = "", [HookAnnotation.After] = "mine" } })
            with
        { TemplateAnnotations = new Dictionary<string, string> { [HookAnnotation.Before] = "template" } };
        var plan = Plan(workload);
        Assert.That(plan.Before.Select(target => (target.Pod, target.Command[^1])), Is.EqualTo(new[] { ("db-0", "template") }), "an empty value switches it off");
        Assert.That(plan.After.Select(target => target.Command[^1]), Is.EqualTo(new[] { "thaw", "mine" }));
    }

    [Test]
    public void A_container_that_does_not_exist_or_run_is_found_before_anything_is_run()
    {
        var named = new Dictionary<string, string>(Freeze) { [HookAnnotation.AfterContainer] = "other" };
        Assert.That(Plan(Workload(named, Pod("db-0"))).Problem!.Value.Reason, Is.EqualTo(Reason.HookContainerNotFound));
        Assert.That(Plan(Workload(named, Pod("db-0"))).Problem!.Value.Message, Does.Contain("other").And.Contain("it has db, sidecar"));
        var stopped = Pod("db-0") with { Containers = [new("db", false, ["data"])] };
        Assert.That(Plan(Workload(Freeze, stopped)).Problem!.Value.Message, Does.Contain("not running"));
        Assert.That(Plan(Workload(Freeze, stopped)).Before, Is.Empty);
    }

    [Test]
    public void A_wrong_annotation_of_one_Pod_stops_all() => Assert.That(
        Plan(Workload(Freeze, Pod("db-0"), Pod("db-1") with { Annotations = new Dictionary<string, string> { [HookAnnotation.Timeout] = "soon" } })).Problem!.Value.Message, Does.Contain("Pod db-1").And.Contain(HookAnnotation.Timeout));

    [Test]
    public void A_workload_that_is_scaled_to_nothing_has_nothing_to_freeze() => Assert.That(Plan(Workload(Freeze)).HasHooks, Is.False);

    [Test]
    public void A_dump_is_taken_once_from_a_Pod_that_is_ready()
    {
        var plan = Plan(Workload(new() { [HookAnnotation.Dump] = "pg_dump" }, Pod("db-0") with { Ready = false }, Pod("db-1"), Pod("db-2")));
        Assert.That(plan.Dump, Has.Property("Pod").EqualTo("db-1").And.Property("Container").EqualTo("db").And.Property("FileName").EqualTo("db-db.dump"));
        Assert.That(plan.InsteadOfVolumes);
    }

    [Test]
    public void Hooks_are_for_volumes_and_so_do_not_run_for_a_dump_alone()
    {
        Dictionary<string, string> both = new(Freeze) { [HookAnnotation.Dump] = "pg_dump" };
        Assert.That(Plan(Workload(both, Pod("db-0"))).HasHooks, Is.False);
        both[HookAnnotation.DumpMode] = "WithVolumes";
        Assert.That(Plan(Workload(both, Pod("db-0"))), Has.Property("HasHooks").True.And.Property("InsteadOfVolumes").False.And.Property("Dump").Not.Null);
    }

    [Test]
    public void A_dump_with_nowhere_to_run_is_told() =>
        Assert.That(Plan(Workload(new() { [HookAnnotation.Dump] = "pg_dump" })).Problem!.Value.Reason, Is.EqualTo(Reason.HookPodNotFound));

    [Test]
    public void No_annotation_leads_outside_of_the_sources_own_Pods_and_containers()
    {
        var random = new Random(3);
        string[] values = ["db", "sidecar", "other", "../x", "kube-system/etcd", "pod/other", "[\"a\"]", "WithVolumes", "Continue", "5s", "x.dump", ""];
        for (var run = 0; run < 10_000; run++)
        {
            Dictionary<string, string> Any() => Enumerable.Range(0, random.Next(5)).Select(_ => HookAnnotation.All[random.Next(HookAnnotation.All.Count)]).Distinct().ToDictionary(key => key, _ => values[random.Next(values.Length)]);
            var plan = Plan(Workload(Any(), Pod("db-0") with { Annotations = Any() }, Pod("db-1") with { Running = false }) with { TemplateAnnotations = Any() });
            foreach (var target in plan.Before.Concat(plan.After))
                Assert.That((target.Pod, target.PodUid, target.Container is "db" or "sidecar"), Is.EqualTo(("db-0", "uid-db-0", true)));
            if (plan.Dump is { } dump)
                Assert.That((dump.Pod, dump.Container is "db" or "sidecar"), Is.EqualTo(("db-0", true)));
        }
    }

    private static HookPlan Plan(WorkloadFacts facts) => HookPlanner.Plan(facts, "shop");

    private static WorkloadFacts Workload(Dictionary<string, string> annotations, params PodFacts[] pods) =>
        new() { Kind = "StatefulSet", Name = "db", Annotations = annotations, Pods = pods, Claims = ["data"] };

    private static PodFacts Pod(string name) => new()
    {
        Name = name, Uid = $"uid-{name}", Running = true, Ready = true, Claims = ["data"], Containers = [new ContainerFacts("db", true, ["data"]), new ContainerFacts("sidecar", true, [])],
    };
}
