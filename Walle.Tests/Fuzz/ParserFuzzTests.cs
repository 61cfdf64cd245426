using System.Text;
using NUnit.Framework;
using Walle.Controller.Informers;
using Walle.Controller.Pipeline;
using Walle.Controller.Projections;
using Walle.Controller.Projections.Decoding;
using Walle.Crds.Conditions;
using Walle.Tests.Builders;
using Walle.Tests.Informers;
using Walle.Worker;
using Walle.Worker.Environment;
using Walle.Worker.Retention;

namespace Walle.Tests.Fuzz;

/// <summary>
/// What comes from outside, broken in every way: it is refused in the parser's own words or read as something harmless, and nothing else is thrown. Cron expressions,
/// hook annotations, restic's output and exec frames have such tests beside their own.
/// </summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class ParserFuzzTests
{
    private const int Inputs = 20_000;

    // A new one each day finds new things; a failure names it.
    private static readonly int Seed = (int)(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 86_400);

    [Test]
    public void WatchLine() => Survives(
        bytes => new WatchLineParser<PodProjection>(new PodDecoder(), new DecodeContext(), (_, _) => { }).Parse(bytes),
        IsClassified,
        $$"""{"type":"ADDED","object":{{Samples.Pod}}}""", $$"""{"object":{{Samples.Pod}},"type":"DELETED"}""",
        """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"7"} } }""", """{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"} }""");

    [Test]
    public void ListPage() => Survives(
        bytes =>
        {
            var parser = new ListParser<ClaimProjection>(new ClaimDecoder(), new DecodeContext(), (_, _) => { }, (_, _) => { });
            var half = bytes.Length / 2;
            var used = parser.Parse(bytes.AsSpan(0, half), isLast: false);
            parser.Parse(bytes.AsSpan(used), isLast: true);
            Assert.That(parser.ToPage().Items, Has.Count.LessThan(100));
        },
        IsClassified,
        $$"""{"kind":"List","metadata":{"resourceVersion":"100","continue":"x"},"items":[{{Samples.Claim}},{{Samples.Claim}}]}""");

    [Test]
    public void TerminationMessage_IsNeverASuccess_UnlessItNamesItsSnapshot() => Survives(
        bytes =>
        {
            PodProjection pod = A.Pod().Succeeded();
            var broken = pod with { TerminationMessage = Encoding.UTF8.GetString(bytes) };
            var observation = Stage.Started();
            JobProjection job = A.WorkerJob();
            var outcome = WorkerOutcome.Of(job with { Uid = broken.ControllerUid! }, [broken], observation);
            Assert.That(outcome.State, Is.AnyOf(WorkerState.Succeeded, WorkerState.Failed));
            if (outcome.State == WorkerState.Failed)
                Assert.That(Enum.IsDefined(outcome.Reason) && outcome.Reason != Reason.Succeeded, outcome.Reason.ToString());
        },
        _ => false,
        ((PodProjection)A.Pod().Succeeded()).TerminationMessage!);

    [Test]
    public void KeepDurationOfARetention() => Survives(
        bytes =>
        {
            if (KeepDuration.Parse(Encoding.UTF8.GetString(bytes)) is { } duration)
                Assert.That(duration.Before(A.Noon), Is.LessThan(A.Noon));
        },
        _ => false,
        "14d", "1y2m14d6h", "99999y", "99999d", "12h");

    [Test]
    public void RepositoryUrl_NeverStartsAProgram() => Survives(
        bytes =>
        {
            var location = RepositoryLocation.Parse(Encoding.UTF8.GetString(bytes), "/repository", _ => null);
            Assert.That(location.Scheme, Is.AnyOf("s3", "rest", "azure", "gs", "b2", "swift", "local", "sftp"));
            if (location.Sftp is { } ssh)
                Assert.That(ssh.User + ' ' + ssh.Host, Does.Match("^[A-Za-z0-9_][A-Za-z0-9_.+-]* [A-Za-z0-9_][A-Za-z0-9_.:-]*$"));
        },
        exception => exception is WorkerException,
        "s3:https://s3.example/bucket/path", "rest:https://user:password@rest.example:8000/repo/", "azure:container:/path", "gs:bucket:/path", "b2:bucket:path", "swift:container:/path",
        "/repository/data", "sftp:user@host:/path", "sftp://user@[fd00::1]:23/path", "sftp:-oProxyCommand=id:/x", "rclone:remote:path", "rest:unix:/socket:/");

    /// <summary>What the Reflector answers with a new list. Anything else it would try again as it is, for ever.</summary>
    private static bool IsClassified(Exception exception) => exception is ListWatchException || FailureClassifier.FromException(exception).Failure == ListWatchFailure.Undecodable;

    private static void Survives(Action<byte[]> parse, Func<Exception, bool> isOwn, params IReadOnlyList<string> samples)
    {
        foreach (var input in Mutations.Of(Seed, Inputs, samples).Concat(samples.Select(Encoding.UTF8.GetBytes)))
        {
            try
            {
                parse(input);
            }
            catch (Exception exception) when (!isOwn(exception))
            {
                Assert.Fail($"seed {Seed}: {exception.GetType().Name}: {exception.Message}\nof: {Convert.ToBase64String(input)}\n{exception.StackTrace}");
            }
            catch (Exception exception) when (isOwn(exception))
            {
                Assert.That(exception.Message, Is.Not.Empty);
            }
        }
    }
}
