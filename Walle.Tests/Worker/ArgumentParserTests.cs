using NUnit.Framework;
using Walle.Crds.Contracts;
using Walle.Worker;
using Walle.Worker.Arguments;

namespace Walle.Tests.Worker;

public class ArgumentParserTests
{
    private static readonly string[] Least = ["backup", "--host", "c1", "--path", "/walle/shop/data", "--time", "2026-11-20T03:00:00Z"];

    private static readonly string[] LeastRestore = ["restore", "--host", "c1", "--namespace", "shop", "--source-path", "/walle/shop/data", "--owner", "shop/undo/1"];

    private static readonly string[] LeastPrune = ["prune", "--host", "c1", "--namespace", "shop", "--schedule", "nightly"];

    [Test]
    public void Every_option_of_the_contract_is_known_to_one_verb()
    {
        var values = new Dictionary<string, string>
        {
            [WorkerOption.Host] = "c", [WorkerOption.Path] = "/v", [WorkerOption.Time] = "2026-11-20T03:00:00Z", [WorkerOption.Parent] = new string('a', 64),
            [WorkerOption.Tag] = "walle", [WorkerOption.Exclude] = "*.tmp", [WorkerOption.Compression] = "max", [WorkerOption.LimitUpload] = "10",
            [WorkerOption.RetryLock] = "5m", [WorkerOption.ConnectTimeout] = "5", [WorkerOption.TerminationLog] = "/t", [WorkerOption.CacheDirectory] = "/c",
            [WorkerOption.TemporaryDirectory] = "/tmp", [WorkerOption.CredentialsDirectory] = "/k", [WorkerOption.RepositoryRoot] = "/repository",
            [WorkerOption.Namespace] = "shop", [WorkerOption.SourceHost] = "c2", [WorkerOption.SourcePath] = "/walle/shop/data", [WorkerOption.Snapshot] = "0123abcd",
            [WorkerOption.AsOf] = "2026-11-20T03:00:00Z", [WorkerOption.Previous] = "2", [WorkerOption.Target] = "/t", [WorkerOption.Owner] = "shop/undo/1",
            [WorkerOption.Include] = "/etc", [WorkerOption.Overwrite] = "always", [WorkerOption.LimitDownload] = "10", [WorkerOption.VolumeRoot] = "/v",
            [WorkerOption.Schedule] = "nightly", [WorkerOption.KeepLast] = "1", [WorkerOption.KeepHourly] = "1", [WorkerOption.KeepDaily] = "1", [WorkerOption.KeepWeekly] = "1",
            [WorkerOption.KeepMonthly] = "1", [WorkerOption.KeepYearly] = "1", [WorkerOption.KeepWithin] = "14d", [WorkerOption.KeepTag] = "pinned", [WorkerOption.MinKeep] = "1",
            [WorkerOption.Expect] = new string('a', 64), [WorkerOption.MaxUnused] = "10%", [WorkerOption.MaxRepackSize] = "50G", [WorkerOption.ReadDataSubset] = "1/30",
        };
        foreach (var field in typeof(WorkerOption).GetFields())
        {
            var option = (string)field.GetRawConstantValue()!;
            values.TryGetValue(option, out var value);
            Assert.That(Parses(Least, option, value) || Parses(LeastRestore, option, value) || Parses(LeastPrune, option, value) || Parses(["check"], option, value), option);
        }
    }

    [TestCase("unknown verb", "purge")]
    [TestCase("a verb is missing")]
    [TestCase("--host is missing", "backup", "--path", "/v", "--time", "2026-11-20T03:00:00Z")]
    [TestCase("--path is missing", "backup", "--host", "c", "--time", "2026-11-20T03:00:00Z")]
    [TestCase("--time is missing", "backup", "--host", "c", "--path", "/v")]
    [TestCase("unknown option \"--bogus\"", "backup", "--bogus")]
    [TestCase("unknown option \"--host\" of verb init", "init", "--host", "c")]
    [TestCase("unknown option \"volume\"", "backup", "volume")]
    [TestCase("--parent needs a value", "backup", "--parent")]
    [TestCase("\"--host\" is given twice", "backup", "--host", "a", "--host", "b")]
    [TestCase("--expect-files takes no value", "backup", "--expect-files=yes")]
    [TestCase("--parent: \"abc\"", "backup", "--parent", "abc")]
    [TestCase("--parent: \"ABCDEF", "backup", "--parent", "ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789")]
    [TestCase("--time: \"yesterday\"", "backup", "--time", "yesterday")]
    [TestCase("--time: \"2026-11-20T03:00:00+01:00\"", "backup", "--time", "2026-11-20T03:00:00+01:00")]
    [TestCase("--time: \"2026-13-20T03:00:00Z\"", "backup", "--time", "2026-13-20T03:00:00Z")]
    [TestCase("--path: \"data\"", "backup", "--path", "data")]
    [TestCase("--path: \"/walle/../etc\"", "backup", "--path", "/walle/../etc")]
    [TestCase("--path: \"/walle/\"", "backup", "--path", "/walle/")]
    [TestCase("--path: \"/\"", "backup", "--path", "/")]
    [TestCase("--tag: \"a,b\"", "backup", "--tag", "a,b")]
    [TestCase("--tag: \"-a\"", "backup", "--tag", "-a")]
    [TestCase("--tag: \"\"", "backup", "--tag", "")]
    [TestCase("--host: \"-x\"", "backup", "--host", "-x")]
    [TestCase("--host: \"a b\"", "backup", "--host", "a b")]
    [TestCase("--exclude", "backup", "--exclude", "a\nb")]
    [TestCase("--compression: \"fast\"", "backup", "--compression", "fast")]
    [TestCase("--limit-upload: \"-1\"", "backup", "--limit-upload", "-1")]
    [TestCase("--limit-upload: \"1M\"", "backup", "--limit-upload", "1M")]
    [TestCase("--retry-lock: \"soon\"", "backup", "--retry-lock", "soon")]
    [TestCase("--connect-timeout: \"0\"", "init", "--connect-timeout", "0")]
    public void A_malformed_command_line_is_refused_and_the_fault_is_named(string named, params string[] line)
    {
        var refused = Assert.Throws<WorkerException>(() => ArgumentParser.Parse(line));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused!.Message, Does.Contain(named));
            Assert.That(refused.ExitCode, Is.EqualTo(WorkerExitCode.InvalidInput));
        }
    }

    [Test]
    public void A_value_may_follow_its_option_or_be_joined_to_it()
    {
        var parsed = ArgumentParser.Parse([.. Least, "--tag=a=b", "--tag", "c", "--exclude=-n"]);
        Assert.That(parsed.Tags, Is.EqualTo((string[])["a=b", "c"]));
        Assert.That(parsed.Excludes, Is.EqualTo((string[])["-n"]));
    }

    [Test]
    public void The_place_of_the_result_is_found_in_a_malformed_command_line() =>
        Assert.That(ArgumentParser.TerminationLogOf(["backup", "--bogus", "--termination-log", "/x/t"]), Is.EqualTo("/x/t"));

    [TestCase("--namespace is missing", "plan", "--host", "c", "--source-path", "/walle/shop/data")]
    [TestCase("--source-path or --snapshot is missing", "plan", "--host", "c", "--namespace", "shop")]
    [TestCase("--owner is missing", "restore", "--host", "c", "--namespace", "shop", "--snapshot", "0123abcd")]
    [TestCase("--snapshot: \"0123\"", "plan", "--snapshot", "0123")]
    [TestCase("--overwrite: \"if-newer\"", "restore", "--overwrite", "if-newer")]
    [TestCase("unknown option \"--target\" of verb plan", "plan", "--target", "/t")]
    [TestCase("unknown option \"--delete-extra\" of verb backup", "backup", "--delete-extra")]
    [TestCase("--as-of and --previous exclude each other", "plan", "--host", "c", "--namespace", "n", "--source-path", "/v", "--as-of", "2026-11-20T03:00:00Z", "--previous", "1")]
    [TestCase("--include and --exclude exclude each other", "restore", "--host", "c", "--namespace", "n", "--source-path", "/v", "--owner", "a/b/c", "--include", "a", "--exclude", "b")]
    [TestCase("--delete-extra needs --overwrite", "restore", "--host", "c", "--namespace", "n", "--source-path", "/v", "--owner", "a/b/c", "--delete-extra")]
    public void A_wrong_line_of_a_restore_is_refused(string told, params string[] line) =>
        Assert.That(() => ArgumentParser.Parse(line), Throws.TypeOf<WorkerException>().With.Message.Contains(told));

    private static bool Parses(string[] least, string option, string? value)
    {
        var line = least.ToList();
        if (Array.IndexOf(least, option) is var at and >= 0)
            line.RemoveRange(at, 2);
        line.Add(option);
        if (value is not null)
            line.Add(value);
        // What needs or excludes another option.
        if (option == WorkerOption.DeleteExtra)
            line.AddRange([WorkerOption.Overwrite, "always"]);
        try
        {
            ArgumentParser.Parse(line);
            return true;
        }
        catch (WorkerException)
        {
            return false;
        }
    }
}
