using System.Text;
using NUnit.Framework;
using Walle.Controller.Informers;
using Walle.Controller.Projections;
using Walle.Controller.Projections.Decoding;

namespace Walle.Tests.Informers;

[TestFixture]
public sealed class ListParserTests
{
    private readonly List<string> _skipped = [];

    [Test]
    public void Parse_SplitAtEveryByte_GivesTheSameClaims() => AssertEverySplit(new ClaimDecoder(), Samples.Claim);

    [Test]
    public void Parse_SplitAtEveryByte_GivesTheSameJobs() => AssertEverySplit(new JobDecoder(), Samples.Job);

    [Test]
    public void Parse_SplitAtEveryByte_GivesTheSamePods() => AssertEverySplit(new PodDecoder(), Samples.Pod);

    [Test]
    public void Parse_SplitAtEveryByte_GivesTheSameSnapshots() => AssertEverySplit(new SnapshotDecoder(), Samples.Snapshot);

    [Test]
    public void Parse_SplitAtEveryByte_GivesTheSameBackupJobs()
    {
        foreach (var page in EverySplit(new BackupJobDecoder(), ListOf(Samples.BackupJob)))
            Assert.That(page.Items.Single().Object.Spec.Options!.RetryLimit, Is.EqualTo(4));
    }

    [Test]
    public void Parse_MetadataAfterItems_OrNullItems_IsRead()
    {
        var page = Parse(new ClaimDecoder(), """{"items":null,"other":[{}],"metadata":{"remainingItemCount":3,"continue":"next","resourceVersion":"9"}}""", int.MaxValue);
        Assert.That((page.Items.Count, page.ResourceVersion, page.ContinueToken), Is.EqualTo((0, "9", "next")));
    }

    [TestCase("{}")]
    [TestCase("7")]
    [TestCase("\"text\"")]
    [TestCase("[[{}]]")]
    [TestCase("null")]
    public void Parse_ItemWithoutIdentity_IsLeftOutAndTold(string item)
    {
        var page = Parse(new ClaimDecoder(), ListOf(Samples.Claim, item, Samples.Claim), int.MaxValue);
        Assert.That((page.Items.Count, _skipped.Count), Is.EqualTo((2, 1)));
        Assert.That(_skipped[0], Does.StartWith(item));
    }

    [Test]
    public void Parse_DecoderFailsForOneItem_OthersAreKept()
    {
        var page = Parse(new FailingDecoder(), ListOf(Samples.Claim, Samples.Claim), 100);
        Assert.That((page.Items.Count, _skipped.Count), Is.EqualTo((1, 1)));
    }

    [TestCase("[]")]
    [TestCase("<html>proxy</html>")]
    [TestCase("")]
    public void Parse_NoList_IsNoPage(string answer) => Assert.That(() => Parse(new ClaimDecoder(), answer, int.MaxValue), Throws.Exception);

    [Test]
    public void Parse_ListCutAnywhere_IsNeverAPage()
    {
        var whole = ListOf(Samples.Job);
        for (var length = 1; length < whole.TrimEnd().Length; length++)
            Assert.That(() => Parse(new JobDecoder(), whole[..length], int.MaxValue), Throws.Exception, $"cut at {length}");
    }

    private void AssertEverySplit<T>(IProjectionDecoder<T> decoder, string json)
        where T : class, IProjection
    {
        var list = ListOf(json, json.Replace("\"resourceVersion\":\"", "\"resourceVersion\":\"9", StringComparison.Ordinal));
        var expected = Parse(decoder, list, int.MaxValue).Items;
        Assert.That(expected, Has.Count.EqualTo(2));
        foreach (var page in EverySplit(decoder, list))
        {
            Assert.That(page.Items.Select(Describe), Is.EqualTo(expected.Select(Describe)));
            Assert.That((page.ResourceVersion, page.ContinueToken), Is.EqualTo(("100", (string?)null)));
        }
        Assert.That(_skipped, Is.Empty);
    }

    private IEnumerable<ListPage<T>> EverySplit<T>(IProjectionDecoder<T> decoder, string list)
        where T : class, IProjection
    {
        for (var split = 1; split < Encoding.UTF8.GetByteCount(list); split++)
            yield return Parse(decoder, list, split);
    }

    /// <summary>Feeds the first bytes, then what was not used of them with all the rest.</summary>
    private ListPage<T> Parse<T>(IProjectionDecoder<T> decoder, string list, int split)
        where T : class, IProjection
    {
        var bytes = Encoding.UTF8.GetBytes(list);
        var parser = new ListParser<T>(decoder, new DecodeContext(), (start, _) => _skipped.Add(start), (_, _) => { });
        var used = split < bytes.Length ? parser.Parse(bytes.AsSpan(0, split), isLast: false) : 0;
        parser.Parse(bytes.AsSpan(used), isLast: true);
        return parser.ToPage();
    }

    /// <summary>Labels are a list, which records do not compare by content.</summary>
    private static string Describe<T>(T item) => item is ClaimProjection claim
        ? (claim with { Labels = [] }) + string.Join(',', claim.Labels)
        : item!.ToString()!;

    private static string ListOf(params string[] items) =>
        $$"""{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"100","continue":""},"items":[{{string.Join(',', items)}}]}""";

    private sealed class FailingDecoder : IProjectionDecoder<ClaimProjection>
    {
        private readonly ClaimDecoder _decoder = new();
        private int _calls;

        public ClaimProjection? Decode(ref System.Text.Json.Utf8JsonReader reader, DecodeContext context)
        {
            var claim = _decoder.Decode(ref reader, context);
            // Fails only once it has seen a whole object, and for the first one only.
            return claim is not null && reader.CurrentDepth == 2 && _calls++ == 0 ? throw new InvalidOperationException("a bug") : claim;
        }
    }
}
