using NUnit.Framework;
using Walle.Worker.Restic;
using Walle.Worker.Retention;

namespace Walle.Tests.Worker.Retention;

public class RetentionRuleTests
{
    private const string Data = "/walle/shop/data";
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 3, 0, 0, TimeSpan.Zero);
    private static readonly RetentionScope Scope = new("c1", "shop", "nightly", "/walle");
    private static readonly string[] Nothing = [];

    [Test]
    public void A_partial_newest_backup_does_not_count_and_the_last_complete_one_stays()
    {
        var plan = Plan([Of(1), Of(2), Of(3), MarkOf(3)], new KeepPolicy { Last = 1 });
        Assert.That((plan.Forget, plan.Kept), Is.EqualTo(((IReadOnlyList<string>)[Id(1)], 2)));
    }

    [Test]
    public void A_partial_backup_goes_when_a_newer_complete_one_is_kept_and_its_mark_goes_after_it()
    {
        var plan = Plan([Of(1), Of(2), MarkOf(2), Of(3)], new KeepPolicy { Last = 2 });
        Assert.That(plan.Forget, Is.EqualTo((string[])[Id(2), Id(102)]));
    }

    [Test]
    public void Of_a_backup_that_was_tried_again_the_last_attempt_counts()
    {
        RepositorySnapshot first = Of(2) with { Tags = Tags("uid=a") }, second = Of(3) with { Tags = Tags("uid=a"), Time = Start.AddDays(2) };
        var plan = Plan([Of(1), first, second], new KeepPolicy { Last = 2 });
        Assert.That(plan.Forget, Is.EqualTo((string[])[first.Id]));
    }

    [Test]
    public void Whatever_the_schedule_did_not_make_is_never_touched()
    {
        RepositorySnapshot[] others =
        [
            Of(1) with { Host = "laptop" }, Of(2) with { Paths = ["/walle/bank/data"] }, Of(3) with { Paths = ["/home"] }, Of(4) with { Paths = [Data, "/etc"] },
            Of(5) with { Tags = ["walle", "schedule=weekly"] }, Of(6) with { Tags = ["walle"] }, Of(7) with { Tags = ["schedule=nightly"] }, Of(8) with { Paths = ["/walle/shopping/data"] },
            MarkOf(50),
        ];
        var plan = Plan([.. others, Of(20), Of(21)], new KeepPolicy { Last = 1 });
        Assert.That(plan.Forget, Is.EqualTo((string[])[Id(20)]));
    }

    [Test]
    public void Nothing_is_forgotten_when_a_volume_would_keep_too_few()
    {
        var plan = Plan([Of(1), Of(2), Of(3)], new KeepPolicy { Last = 1 }, minKeep: 2);
        Assert.That(plan.Thin, Is.EqualTo((ThinVolume[])[new(Data, 3, 1)]));
    }

    [Test]
    public void A_volume_with_few_backups_blocks_nothing_as_long_as_it_loses_none()
    {
        var plan = Plan([Of(1) with { Paths = ["/walle/shop/new"] }, Of(1), Of(2), Of(3)], new KeepPolicy { Last = 2 }, minKeep: 2);
        Assert.That((plan.Thin.Count, plan.Forget), Is.EqualTo((0, (IReadOnlyList<string>)[Id(1)])));
    }

    [Test]
    public void A_policy_without_rules_forgets_nothing() => Assert.That(Plan([Of(1), Of(2)], new KeepPolicy()).Forget, Is.EqualTo(Nothing));

    [Test]
    public void Volumes_are_judged_each_on_its_own() =>
        Assert.That(Plan([Of(1), Of(2) with { Paths = ["/walle/shop/other"] }, Of(3)], new KeepPolicy { Last = 1 }).Forget, Is.EqualTo((string[])[Id(1)]));

    [TestCase("2026-03-31T10:00:00Z", "1m", "2026-03-03T10:00:00Z")]
    [TestCase("2026-03-31T10:00:00Z", "1y2m14d6h", "2025-01-17T04:00:00Z")]
    [TestCase("2024-02-29T00:00:00Z", "1y", "2023-03-01T00:00:00Z")]
    public void Durations_run_over_the_end_of_a_month_as_in_restic(string from, string duration, string expected) =>
        Assert.That(KeepDuration.Parse(duration)!.Before(DateTimeOffset.Parse(from, System.Globalization.CultureInfo.InvariantCulture)), Is.EqualTo(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture)));

    [Test]
    public void A_duration_longer_than_history_keeps_everything() => Assert.That(KeepDuration.Parse("9999y")!.Before(Start), Is.EqualTo(DateTimeOffset.MinValue));

    [TestCase(""), TestCase("d"), TestCase("1"), TestCase("1d2d"), TestCase("0d"), TestCase("1w"), TestCase("-1d"), TestCase("123456d")]
    public void A_malformed_duration_is_none(string text) => Assert.That(KeepDuration.Parse(text), Is.Null);

    private static RetentionPlan Plan(RepositorySnapshot[] all, KeepPolicy policy, int minKeep = 1) => RetentionRule.Plan(all, Scope, policy, minKeep, Start.AddYears(1));

    private static string Id(int number) => number.ToString("x64", System.Globalization.CultureInfo.InvariantCulture);

    private static string[] Tags(params string[] more) => ["walle", "schedule=nightly", .. more];

    private static RepositorySnapshot Of(int day) =>
        new(Id(day), null, Start.AddDays(day), "c1", [Data], Tags($"uid={day}"), Start.AddDays(day).AddMinutes(1), 1, 1, 1);

    private static RepositorySnapshot MarkOf(int day) => Of(day) with { Id = Id(day + 100), Paths = ["/tmp/walle-partial"], Tags = ["walle-partial", $"partial-of={Id(day)}"] };
}
