using NUnit.Framework;
using Walle.Controller.Informers;
using static Walle.Controller.Informers.ReflectorDelay;
using static Walle.Controller.Informers.ReflectorEmit;
using static Walle.Controller.Informers.ReflectorPhase;

namespace Walle.Tests.Informers;

/// <summary>The whole table: every phase with every input.</summary>
[TestFixture]
public sealed class ReflectorTransitionsTests
{
    private static readonly ReflectorState Start = ReflectorState.Initial;
    private static readonly ReflectorState Listing0 = new(Listing);
    private static readonly ReflectorState Listing1 = new(Listing) { ContinueToken = "p2" };
    private static readonly ReflectorState Relisting = new(Listing) { ContinueToken = "p2", WasServed = true, ResourceVersion = "7" };
    private static readonly ReflectorState Listed9 = new(Listed) { ResourceVersion = "9", WasServed = true };
    private static readonly ReflectorState Watching9 = Listed9 with { Phase = Watching };
    private static readonly ReflectorState Empty9 = Listed9 with { Phase = Empty };

    private static IEnumerable<TestCaseData> Table()
    {
        static TestCaseData Row(string name, ReflectorState state, ReflectorInput input, ReflectorTransition expected) => new TestCaseData(state, input, expected).SetArgDisplayNames(name);

        yield return Row("start", Start, ReflectorInput.Started, new(Listing0));
        yield return Row("back-off over", Empty9, ReflectorInput.Started, new(Empty9 with { Phase = Listing }));
        yield return Row("page with continue", Listing0, ReflectorInput.PageRead("9", "p2"), new(Listing1));
        yield return Row("last page", Listing1, ReflectorInput.PageRead("9", null), new(Listed9, Replaced));
        yield return Row("last page, unpaged", Relisting with { IsUnpaged = true, Refusals = 1, SilentWatches = 1 }, ReflectorInput.PageRead("9", null), new(Listed9, Replaced));
        yield return Row("410 on continue", Listing1, Failed(ListWatchFailure.Expired), new(Start with { IsUnpaged = true }, Delay: Exponential));
        yield return Row("429 on list", Listing1, Failed(ListWatchFailure.Throttled), new(Listing1, Delay: Exponential));
        yield return Row("5xx on list", Listing1, Failed(ListWatchFailure.Transient), new(Listing1, Delay: Exponential));
        yield return Row("list cut", Listing1, Failed(ListWatchFailure.Closed), new(Listing1, Delay: Exponential));
        yield return Row("403 on list", Listing1, Failed(ListWatchFailure.Forbidden), new(Listing1, Delay: Long));
        yield return Row("list undecodable", Listing1, Failed(ListWatchFailure.Undecodable), new(Start, Delay: Exponential));
        yield return Row("404 on first list", Listing0, Failed(ListWatchFailure.NotServed), new(Start with { Refusals = 1 }, Absent, Long));
        yield return Row("404 once, was served", Relisting, Failed(ListWatchFailure.NotServed), new(Relisting with { Phase = Empty, ContinueToken = null, Refusals = 1 }, Delay: Exponential));
        yield return Row("404 thrice, was served", Relisting with { Refusals = 2 }, Failed(ListWatchFailure.NotServed), new(Relisting with { Phase = Empty, ContinueToken = null, Refusals = 3, WasServed = false }, Absent, Long));
        yield return Row("watch opened", Listed9, ReflectorInput.WatchOpened, new(Watching9));
        yield return Row("applied", Watching9 with { SilentWatches = 1 }, ReflectorInput.Applied("12"), new(Watching9 with { ResourceVersion = "12" }, Applied));
        yield return Row("applied again", Watching9, ReflectorInput.Applied("9"), new(Watching9, Applied));
        yield return Row("applied, older", Watching9, ReflectorInput.Applied("8"), new(Empty9, Delay: Exponential));
        yield return Row("applied, opaque version", Watching9, ReflectorInput.Applied("a"), new(Watching9 with { ResourceVersion = "a" }, Applied));
        yield return Row("deleted", Watching9, ReflectorInput.Deleted("12"), new(Watching9 with { ResourceVersion = "12" }, Deleted));
        yield return Row("deleted, last version", Watching9, ReflectorInput.Deleted("8"), new(Watching9, Deleted));
        yield return Row("bookmark", Watching9 with { SilentWatches = 1 }, ReflectorInput.Bookmark("12"), new(Watching9 with { ResourceVersion = "12" }));
        yield return Row("bookmark, older", Watching9, ReflectorInput.Bookmark("8"), new(Empty9, Delay: Exponential));
        foreach (var state in new[] { Listed9, Watching9 })
        {
            yield return Row($"{state.Phase}: end", state with { SilentWatches = 1 }, ReflectorInput.Ended(WatchEnd.Normal), new(Listed9));
            yield return Row($"{state.Phase}: end within a second", state, ReflectorInput.Ended(WatchEnd.Short), new(Listed9, Delay: Exponential));
            yield return Row($"{state.Phase}: silent end", state, ReflectorInput.Ended(WatchEnd.Silent), new(Listed9 with { SilentWatches = 1 }));
            yield return Row($"{state.Phase}: silent end again", state with { SilentWatches = 1 }, ReflectorInput.Ended(WatchEnd.Silent), new(Empty9));
            yield return Row($"{state.Phase}: closed", state, Failed(ListWatchFailure.Closed), new(Listed9));
            yield return Row($"{state.Phase}: 410", state, Failed(ListWatchFailure.Expired), new(Empty9, Delay: Exponential));
            yield return Row($"{state.Phase}: 429", state, Failed(ListWatchFailure.Throttled), new(Listed9, Delay: Exponential));
            yield return Row($"{state.Phase}: 5xx", state, Failed(ListWatchFailure.Transient), new(Listed9, Delay: Exponential));
            yield return Row($"{state.Phase}: 403", state, Failed(ListWatchFailure.Forbidden), new(Listed9, Delay: Long));
            yield return Row($"{state.Phase}: 404", state, Failed(ListWatchFailure.NotServed), new(Empty9, Delay: Exponential));
            yield return Row($"{state.Phase}: undecodable", state, Failed(ListWatchFailure.Undecodable), new(Empty9, Delay: Exponential));
        }
        foreach (var state in new[] { Start, Listing1, Listed9, Watching9 })
            yield return Row($"{state.Phase}: cancelled", state, ReflectorInput.Cancelled, new(state with { Phase = Stopped }));
    }

    [TestCaseSource(nameof(Table))]
    public void Next(object state, object input, object expected) =>
        Assert.That(ReflectorTransitions.Next((ReflectorState)state, (ReflectorInput)input), Is.EqualTo((ReflectorTransition)expected));

    [Test]
    public void Next_InputThatCannotCome_Throws()
    {
        var known = Table().Select(row => (((ReflectorState)row.Arguments[0]!).Phase, ((ReflectorInput)row.Arguments[1]!).Kind)).ToHashSet();
        foreach (var phase in Enum.GetValues<ReflectorPhase>())
        {
            foreach (var kind in Enum.GetValues<ReflectorInputKind>().Where(kind => kind != ReflectorInputKind.Cancelled && !known.Contains((phase, kind))))
                Assert.That(() => ReflectorTransitions.Next(new ReflectorState(phase), new ReflectorInput(kind)), Throws.InvalidOperationException, $"{phase}, {kind}");
        }
    }

    private static ReflectorInput Failed(ListWatchFailure failure) => ReflectorInput.Failed(failure);
}
