using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Walle.Controller.Kubernetes;
using Walle.Controller.Reconcilers;
using Walle.Tests.Builders;

namespace Walle.Tests.Reconcilers;

/// <summary>A key waits for its own last write to be seen, but not for ever.</summary>
internal sealed class OwnWritesTests
{
    private static readonly ReconcileRequest Key = new("BackupJob", new NamespacedName("shop", "a"));
    private static readonly ReconcileRequest Other = new("BackupJob", new NamespacedName("shop", "b"));
    private readonly FakeTimeProvider _time = new(A.Noon);

    [Test]
    public void A_key_waits_until_its_write_is_seen_and_only_that_key()
    {
        var writes = new OwnWrites(_time);
        var seen = false;
        writes.Expect(Key, () => seen);
        Assert.That(writes.AreSeen(Key), Is.False);
        Assert.That(writes.AreSeen(Other));
        seen = true;
        Assert.That(writes.AreSeen(Key));
        seen = false;
        Assert.That(writes.AreSeen(Key), "it was seen once: a store that goes back is not waited for again");
    }

    [Test]
    public void A_write_that_is_never_seen_holds_for_ten_seconds()
    {
        var writes = new OwnWrites(_time);
        writes.Expect(Key, () => false);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.That(writes.AreSeen(Key), Is.False);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That(writes.AreSeen(Key));
    }

    [Test]
    public void The_last_write_counts()
    {
        var writes = new OwnWrites(_time);
        writes.Expect(Key, () => false);
        writes.Expect(Key, () => true);
        Assert.That(writes.AreSeen(Key));
    }

    [Test]
    public void What_is_forgotten_is_not_waited_for()
    {
        var writes = new OwnWrites(_time);
        writes.Expect(Key, () => false);
        writes.Forget(Key);
        Assert.That(writes.AreSeen(Key));
    }
}
