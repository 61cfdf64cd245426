using NUnit.Framework;
using Walle.Controller.Pipeline.Hooks;
using Walle.Crds;

namespace Walle.Tests.Pipeline.Hooks;

/// <summary>The annotations, as people write them and as nobody should.</summary>
internal sealed class HookAnnotationParserTests
{
    [Test]
    public void Nothing_written_is_nothing_done() => Assert.That(HookAnnotationParser.Parse(new Dictionary<string, string> { ["app.kubernetes.io/name"] = "[" }).Settings, Is.EqualTo(new HookSettings()));

    [Test]
    public void A_string_is_run_by_the_shell_and_an_array_as_it_stands()
    {
        var settings = Parse((HookAnnotation.Before, "fsfreeze -f /data && echo \"$HOME\""), (HookAnnotation.After, """ ["fsfreeze", "-u", "/data with space"] """));
        Assert.That(settings.Before, Is.EqualTo(new[] { "/bin/sh", "-c", "fsfreeze -f /data && echo \"$HOME\"" }));
        Assert.That(settings.After, Is.EqualTo(new[] { "fsfreeze", "-u", "/data with space" }));
    }

    [TestCase("60s", 60)]
    [TestCase("1m30s", 90)]
    [TestCase("30m", 1800)]
    public void Timeouts_are_durations(string written, int seconds) => Assert.That(Parse((HookAnnotation.Timeout, written)).Timeout.TotalSeconds, Is.EqualTo(seconds));

    [Test]
    public void Containers_of_all_and_of_each()
    {
        var settings = Parse((HookAnnotation.Container, "db, cache"), (HookAnnotation.AfterContainer, "db"));
        Assert.That(settings.BeforeContainers, Is.EqualTo(new[] { "db", "cache" }));
        Assert.That(settings.AfterContainers, Is.EqualTo(new[] { "db" }));
    }

    [TestCase(HookAnnotation.Before, "[ -f /x ] && sync", "test")]
    [TestCase(HookAnnotation.Before, "[]", "JSON")]
    [TestCase(HookAnnotation.Before, "[1]", "JSON")]
    [TestCase(HookAnnotation.Before, "[\"\"]", "JSON")]
    [TestCase(HookAnnotation.Before, "[\"a\\u0000\"]", "NUL")]
    [TestCase(HookAnnotation.Before, "[\"\\ud800\"]", "JSON")]
    [TestCase(HookAnnotation.Timeout, "31m", "30m")]
    [TestCase(HookAnnotation.Timeout, "0s", "1s")]
    [TestCase(HookAnnotation.Timeout, "60", "90s")]
    [TestCase(HookAnnotation.Timeout, "-5s", "90s")]
    [TestCase(HookAnnotation.Timeout, "999999999999h", "90s")]
    [TestCase(HookAnnotation.DumpTimeout, "25h", "24h")]
    [TestCase(HookAnnotation.RestoreTimeout, "25h", "24h")]
    [TestCase(HookAnnotation.Restore, "[1]", "JSON")]
    [TestCase(HookAnnotation.Container, "db,", "commas")]
    [TestCase(HookAnnotation.Container, "shop/db", "commas")]
    [TestCase(HookAnnotation.Container, "db&container=other", "commas")]
    [TestCase(HookAnnotation.OnError, "continue", "Continue")]
    [TestCase(HookAnnotation.DumpMode, "Both", "WithVolumes")]
    [TestCase(HookAnnotation.FileName, "../other", "file name")]
    [TestCase(HookAnnotation.FileName, "-r", "file name")]
    [TestCase(HookAnnotation.FileName, ".hidden", "file name")]
    [TestCase(HookAnnotation.FileName, "a/b", "file name")]
    [TestCase(HookAnnotation.Backup, "no", "false")]
    [TestCase("ros.io/before-backups", "true", "known are")]
    public void A_wrong_value_names_its_annotation_and_the_fix(string annotation, string value, string fix)
    {
        var (settings, problem) = HookAnnotationParser.Parse(new Dictionary<string, string> { [annotation] = value });
        Assert.That(settings, Is.Null);
        Assert.That(problem, Does.Contain(annotation).And.Contain(fix));
    }

    [Test]
    public void A_dump_is_of_one_container()
    {
        var (_, problem) = HookAnnotationParser.Parse(new Dictionary<string, string> { [HookAnnotation.Dump] = "pg_dump", [HookAnnotation.Container] = "a,b" });
        Assert.That(problem, Does.Contain(HookAnnotation.DumpContainer));
    }

    [Test]
    public void Twenty_thousand_odd_values_are_read_or_refused_in_one_readable_line()
    {
        var random = new Random(7);
        string[] seeds = ["[\"a\",\"b\"]", "[", "]", "\"", "{}", "sh -c 'x'", "60s", "1h", "../..", "/", "db,cache", "Fail", "Continue", "WithVolumes", "\u202e", "\ud83d\ude00", "\0", "\n", "\\u0000", "&container=x", "%2e%2e", "$(id)", "`id`", ";", "🙂", "\ud800"];
        for (var run = 0; run < 20_000; run++)
        {
            var annotations = new Dictionary<string, string>();
            for (var n = random.Next(1, 5); n > 0; n--)
            {
                var value = string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(3) == 0 ? ((char)random.Next(0xffff)).ToString() : seeds[random.Next(seeds.Length)]));
                annotations[HookAnnotation.All[random.Next(HookAnnotation.All.Count)]] = random.Next(500) == 0 ? new string('x', 20_000) : value;
            }

            var (settings, problem) = HookAnnotationParser.Parse(annotations);
            Assert.That(settings is null, Is.Not.EqualTo(problem is null));
            if (problem is not null)
            {
                Assert.That(problem, Does.Contain("ros.io/"));
                Assert.That(problem, Has.Length.LessThan(700));
                Assert.That(problem.Any(c => char.IsControl(c) || char.IsSurrogate(c)), Is.False);
                continue;
            }

            foreach (var command in new[] { settings!.Before, settings.After, settings.Dump }.OfType<IReadOnlyList<string>>())
                Assert.That(command, Is.Not.Empty.And.All.Not.Contains("\0"));
            foreach (var container in (settings.BeforeContainers ?? []).Concat(settings.AfterContainers ?? []).Append(settings.DumpContainer ?? "x"))
                Assert.That(HookAnnotationParser.IsContainerName(container), container);
            Assert.That(settings.FileName, Is.Null.Or.Matches("^[A-Za-z0-9][A-Za-z0-9._-]*$"));
            Assert.That(settings.Timeout, Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(30)));
            Assert.That(settings.DumpTimeout, Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24)));
        }
    }

    private static HookSettings Parse(params (string Key, string Value)[] annotations)
    {
        var (settings, problem) = HookAnnotationParser.Parse(annotations.ToDictionary(pair => pair.Key, pair => pair.Value));
        Assert.That(problem, Is.Null);
        return settings!;
    }
}
