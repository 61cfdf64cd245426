using NUnit.Framework;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline.Slots;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline.Slots;

/// <summary>Backups side by side, a prune alone, first come first served, and nobody for ever.</summary>
public class RepositoryUseTests
{
    private static readonly SlotLimits NoLimits = new();
    private static readonly string[] Nobody = [];

    [Test]
    public void A_prune_waits_for_the_backups_under_way() =>
        Assert.That(Granted([Backup("a", 0)], [Prune("p", 1)]), Is.EqualTo(Nobody));

    [Test]
    public void A_backup_waits_for_the_prune_under_way() =>
        Assert.That(Granted([Prune("p", 0)], [Backup("a", 1)]), Is.EqualTo(Nobody));

    [Test]
    public void Two_prunes_of_one_repository_take_turns() =>
        Assert.That(Granted([], [Prune("p", 1), Prune("q", 0)]), Is.EqualTo((string[])["q"]));

    [Test]
    public void A_backup_that_is_due_later_than_a_waiting_prune_lets_it_pass() =>
        Assert.That(Granted([Backup("a", 0)], [Prune("p", 1), Backup("b", 2)]), Is.EqualTo(Nobody));

    [Test]
    public void A_backup_that_was_due_before_a_waiting_prune_goes_first() =>
        Assert.That(Granted([Backup("a", 0)], [Prune("p", 2), Backup("b", 1)]), Is.EqualTo((string[])["b"]));

    [Test]
    public void A_waiting_prune_holds_new_backups_back_for_a_while_only() =>
        Assert.That(Granted([Backup("a", 0)], [Prune("p", 1), Backup("b", 2)], now: RepositoryUse.LongestHold.TotalMinutes + 1), Is.EqualTo((string[])["b"]));

    [Test]
    public void After_a_prune_the_backups_that_waited_come_before_the_next_prune() =>
        Assert.That(Granted([], [Backup("a", 1), Backup("b", 2), Prune("q", 3)]), Is.EqualTo((string[])["a", "b"]));

    [Test]
    public void Other_repositories_do_not_matter() =>
        Assert.That(Granted([Prune("p", 0)], [Backup("a", 1, "shop/other")]), Is.EqualTo((string[])["a"]));

    [Test]
    public void Two_Secrets_for_one_repository_are_one_once_a_worker_has_seen_its_id() =>
        Assert.That(Granted([Backup("a", 0, "bank/secret")], [Prune("p", 1)], identify: _ => "one and the same"), Is.EqualTo(Nobody));

    [Test]
    public void A_restore_keeps_a_prune_from_beginning_and_no_backup() =>
        Assert.That(Granted([Backup("r", 0) with { IsRestore = true }], [Backup("a", 1), Prune("p", 2)]), Is.EqualTo((string[])["a"]));

    [Test]
    public void A_prune_takes_no_slot_of_the_backups_and_needs_none()
    {
        var limits = new SlotLimits { Cluster = 1 };
        Assert.That(Granted([Backup("a", 0, "shop/other")], [Prune("p", 1)], limits: limits), Is.EqualTo((string[])["p"]));
        Assert.That(Granted([Prune("p", 0)], [Backup("a", 1, "shop/other")], limits: limits), Is.EqualTo((string[])["a"]));
    }

    [Test]
    public void Who_waits_is_told_for_whom()
    {
        SlotRequest[] held = [Backup("a", 0)], waiting = [Prune("p", 1), Backup("b", 2)];
        var use = new RepositoryUse(held, waiting, secret => secret, At(3));
        Assert.That(SlotRule.Place(NoLimits, held, waiting, waiting[0], use).WaitsFor, Does.Contain("1 backup or restore uses the repository, first shop/a"));
        Assert.That(SlotRule.Place(NoLimits, held, waiting, waiting[1], use).WaitsFor, Does.Contain("a prune or check of BackupSchedule shop/p waits"));
    }

    private static IEnumerable<string> Granted(SlotRequest[] held, SlotRequest[] waiting, double now = 10, Func<string, string>? identify = null, SlotLimits? limits = null) =>
        SlotRule.Grant(limits ?? NoLimits, held, waiting, new RepositoryUse(held, waiting, identify ?? (secret => secret), At(now))).Select(request => request.Uid);

    private static SlotRequest Backup(string name, double due, string repository = "shop/secret") => new(name, new NamespacedName("shop", name), At(due), repository, [], []);

    private static SlotRequest Prune(string name, double due) => Backup(name, due) with { Exclusive = true };

    private static DateTimeOffset At(double minutes) => A.Noon.AddMinutes(minutes);
}
