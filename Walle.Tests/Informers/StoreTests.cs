using NUnit.Framework;
using Walle.Controller.Informers;
using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;

namespace Walle.Tests.Informers;

[TestFixture]
public sealed class StoreTests
{
    private readonly Store<ClaimProjection> _store = new([new(IndexNames.OwnerUid, claim => claim.OwnerUid)]);

    [Test]
    public void Apply_NewThenNewer_ReturnsTheOldOne()
    {
        var first = Claims.Make("a", 1);
        var second = Claims.Make("a", 2);
        Assert.That(_store.Apply(first, out var beforeFirst), Is.True);
        Assert.That(_store.Apply(second, out var beforeSecond), Is.True);
        Assert.That((beforeFirst, beforeSecond, Get("a")), Is.EqualTo(((ClaimProjection?)null, first, second)));
    }

    [TestCase(5UL, ExpectedResult = false, TestName = "Apply_SameVersion_IsNoNews")]
    [TestCase(4UL, ExpectedResult = false, TestName = "Apply_OlderVersion_IsNoNews")]
    [TestCase(0UL, ExpectedResult = true, TestName = "Apply_OpaqueVersion_IsNews")]
    public bool Apply_AfterVersion5(ulong version)
    {
        _store.Apply(Claims.Make("a", 5), out _);
        return _store.Apply(Claims.Make("a", version), out _);
    }

    [Test]
    public void Delete_TellsTheLastState_AndLeavesALaterObjectOfTheSameNameAlone()
    {
        var later = Claims.Make("a", 9, incarnation: 1);
        _store.Apply(later, out _);
        Assert.That(_store.Delete(Claims.Make("a", 7, incarnation: 0), out _), Is.False);
        Assert.That(Get("a"), Is.SameAs(later));
        Assert.That(_store.Delete(Claims.Make("a", 10, incarnation: 1), out var old), Is.True);
        Assert.That((old, Get("a")), Is.EqualTo((later, (ClaimProjection?)null)));
        Assert.That(_store.Delete(Claims.Make("a", 11, incarnation: 1), out _), Is.False);
    }

    [Test]
    public void Replace_ReturnsAdditionsChangesAndTombstones_ButNotTheUnchanged()
    {
        var kept = Claims.Make("kept", 1);
        var old = Claims.Make("changed", 2);
        var gone = Claims.Make("gone", 3);
        _ = _store.Replace([kept, old, gone]).ToList();
        var changed = Claims.Make("changed", 8);
        var added = Claims.Make("added", 9);
        var changes = _store.Replace([Claims.Make("kept", 1), changed, added]).ToList();
        Assert.That(changes, Is.EquivalentTo(new (ClaimProjection?, ClaimProjection?)[] { (old, changed), (null, added), (gone, null) }));
        Assert.That(_store.Count, Is.EqualTo(3));
    }

    [Test]
    public void Replace_SameNameAndVersionButOtherUid_IsAChange()
    {
        _ = _store.Replace([Claims.Make("a", 1)]).ToList();
        Assert.That(_store.Replace([Claims.Make("a", 1, incarnation: 1)]).ToList(), Has.Count.EqualTo(1));
    }

    [Test]
    public void Replace_NameListedTwice_KeepsTheLaterPage()
    {
        var later = Claims.Make("a", 7, incarnation: 1);
        Assert.That(_store.Replace([Claims.Make("a", 3), later]).ToList(), Is.EqualTo(new (ClaimProjection?, ClaimProjection?)[] { (null, later) }));
        Assert.That(_store.List(), Is.EqualTo(new[] { later }));
    }

    [Test]
    public void ByIndex_FollowsApplyDeleteAndReplace()
    {
        _store.Apply(Claims.Make("a", 1, ownerUid: "x"), out _);
        _store.Apply(Claims.Make("b", 2, ownerUid: "x"), out _);
        _store.Apply(Claims.Make("c", 3), out _);
        Assert.That(Owned("x"), Is.EqualTo(new[] { "a", "b" }));
        _store.Apply(Claims.Make("a", 4, ownerUid: "y"), out _);
        Assert.That((Owned("x"), Owned("y")), Is.EqualTo((new[] { "b" }, new[] { "a" })));
        _store.Delete(Claims.Make("b", 5, ownerUid: "x"), out _);
        Assert.That(Owned("x"), Is.Empty);
        _ = _store.Replace([Claims.Make("d", 6, ownerUid: "x")]).ToList();
        Assert.That((Owned("x"), Owned("y")), Is.EqualTo((new[] { "d" }, Array.Empty<string>())));
    }

    [Test]
    public void ByIndex_UnknownIndex_Throws() => Assert.That(() => _store.ByIndex("no such", "x"), Throws.ArgumentException.With.Message.Contains("no such"));

    [Test]
    public void Get_OtherNamespace_IsAnotherObject()
    {
        _store.Apply(Claims.Make("a", 1), out _);
        Assert.That(_store.Get(new NamespacedName("other", "a")), Is.Null);
    }

    [Test]
    public async Task List_WhileWritten_NeverShowsHalfAReplacement()
    {
        var even = Enumerable.Range(0, 50).Select(i => Claims.Make($"a{i}", 2)).ToList();
        var odd = Enumerable.Range(0, 50).Select(i => Claims.Make($"a{i}", 3)).ToList();
        _ = _store.Replace(even).ToList();
        var writer = Task.Run(() =>
        {
            for (var i = 0; i < 500; i++)
                _ = _store.Replace(i % 2 == 0 ? odd : even).ToList();
        });
        var mixed = 0;
        while (!writer.IsCompleted)
        {
            var seen = _store.List();
            if (seen.Count != 50 || seen.Select(claim => claim.ResourceVersion).Distinct().Count() != 1)
                mixed++;
        }
        await writer;
        Assert.That(mixed, Is.Zero);
    }

    private ClaimProjection? Get(string name) => _store.Get(new NamespacedName("shop", name));

    private IEnumerable<string> Owned(string uid) => _store.ByIndex(IndexNames.OwnerUid, uid).Select(claim => claim.Name.Name).Order();
}
