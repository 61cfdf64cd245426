using NUnit.Framework;
using Walle.Crds.Contracts;
using Walle.Worker;
using Walle.Worker.Arguments;

namespace Walle.Tests.Worker;

public class ArgumentParserTests
{
    private static readonly string[] Least = ["backup", "--host", "c1", "--path", "/walle/shop/data", "--time", "2026-11-20T03:00:00Z"];

    [Test]
    public void Every_option_of_the_contract_is_known_to_one_verb()
    {
        var values = new Dictionary<string, string>
        {
            [WorkerOption.Host] = "c", [WorkerOption.Path] = "/v", [WorkerOption.Time] = "2026-11-20T03:00:00Z", [WorkerOption.Parent] = new string('a', 64),
            [WorkerOption.Tag] = "walle", [WorkerOption.Exclude] = "*.tmp", [WorkerOption.Compression] = "max", [WorkerOption.LimitUpload] = "10",
            [WorkerOption.RetryLock] = "5m", [WorkerOption.ConnectTimeout] = "5", [WorkerOption.TerminationLog] = "/t", [WorkerOption.CacheDirectory] = "/c",
            [WorkerOption.TemporaryDirectory] = "/tmp", [WorkerOption.CredentialsDirectory] = "/k",
        };
        foreach (var field in typeof(WorkerOption).GetFields())
        {
            var option = (string)field.GetRawConstantValue()!;
            var line = Least.ToList();
            if (Array.IndexOf(Least, option) is var at and >= 0)
                line.RemoveRange(at, 2);
            line.Add(option);
            if (values.TryGetValue(option, out var value))
                line.Add(value);
            Assert.That(() => ArgumentParser.Parse(line), Throws.Nothing, option);
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
}
