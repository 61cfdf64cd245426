using System.Text;
using System.Text.Json;
using NUnit.Framework;
using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;
using Walle.Controller.Projections.Decoding;
using Walle.Crds;

namespace Walle.Tests.Informers;

[TestFixture]
public sealed class DecoderTests
{
    private static readonly DateTimeOffset Three = new(2026, 11, 20, 3, 0, 0, TimeSpan.Zero);

    [Test]
    public void Claim_KeepsTheFieldsOfTheProjection()
    {
        var claim = Decode(new ClaimDecoder(), Samples.Claim);
        Assert.Multiple(() =>
        {
            Assert.That(claim.Name, Is.EqualTo(new NamespacedName("shop", "data-web-0")));
            Assert.That(claim.Uid, Is.EqualTo("0a1b2c3d-0001-4002-8003-000000000004"));
            Assert.That(claim.ResourceVersion, Is.EqualTo(4711));
            Assert.That(claim.OwnerUid, Is.EqualTo("owner-1"));
            Assert.That(claim.ControllerUid, Is.EqualTo("controller-1"));
            Assert.That(claim.Deleting);
            Assert.That(claim.Phase, Is.EqualTo("Bound"));
            Assert.That(claim.VolumeMode, Is.EqualTo("Filesystem"));
            Assert.That(claim.StorageClassName, Is.EqualTo("fast"));
            Assert.That(claim.VolumeName, Is.EqualTo("pvc-0a1b2c3d-0001-4002-8003-000000000004"));
            Assert.That(claim.RequestedSize, Is.EqualTo("1Gi"));
            Assert.That(claim.Labels.Select(label => label.Key), Is.EqualTo(new[] { "app", WellKnown.ManagedByLabel, WellKnown.OwnerUidLabel, "tier" }));
            Assert.That(claim.Labels[0].Value, Is.EqualTo("web \"1\" ä😀"));
        });
    }

    [TestCase("pvc-0a1b2c3d-0001-4002-8003-000000000005")]
    [TestCase("pvc-0A1B2C3D-0001-4002-8003-000000000004")]
    [TestCase("my-volume")]
    [TestCase("pvc-")]
    public void Claim_VolumeOfAnotherName_IsKeptAsWritten(string volume) =>
        Assert.That(Decode(new ClaimDecoder(), Samples.Claim.Replace("pvc-0a1b2c3d-0001-4002-8003-000000000004", volume, StringComparison.Ordinal)).VolumeName, Is.EqualTo(volume));

    [TestCase("0a1b2c3d-0001-4002-8003-000000000004")]
    [TestCase("0A1B2C3D-0001-4002-8003-000000000004")]
    [TestCase("no uuid")]
    [TestCase("\\u0030a1b2c3d-0001-4002-8003-000000000004")]
    public void Claim_Uid_IsWhatTheServerWrote(string uid)
    {
        var claim = Decode(new ClaimDecoder(), $"{{\"metadata\":{{\"name\":\"a\",\"uid\":\"{uid}\"}}}}");
        Assert.That(claim.Uid, Is.EqualTo(uid.Replace("\\u0030", "0", StringComparison.Ordinal)));
        Assert.That((claim with { Uid = "UPPER-or-any" }).Uid, Is.EqualTo("UPPER-or-any"));
    }

    [Test]
    public void Job_KeepsTheFieldsOfTheProjection() => Assert.That(Decode(new JobDecoder(), Samples.Job), Is.EqualTo(new JobProjection
    {
        Name = new NamespacedName("shop", "walle-1"),
        Uid = "0a1b2c3d-0001-4002-8003-000000000005",
        ResourceVersion = 12,
        OwnerUid = "owner-1",
        ControllerUid = "controller-1",
        Verb = "backup",
        CreationTimestamp = Three,
        Failed = true,
        FailedReason = "DeadlineExceeded",
        FailedMessage = "Job was active longer than \"specified\" deadline",
    }));

    [Test]
    public void Pod_KeepsTheWorkersContainer_NotTheSidecarsNorTheLastState() => Assert.That(Decode(new PodDecoder(), Samples.Pod), Is.EqualTo(new PodProjection
    {
        Name = new NamespacedName("shop", "walle-1-x"),
        Uid = "0a1b2c3d-0001-4002-8003-000000000006",
        ResourceVersion = 13,
        OwnerUid = "owner-1",
        ControllerUid = "job-1",
        Phase = "Failed",
        Reason = "Evicted",
        Message = "The node was low on memory.",
        Disrupted = true,
        UnschedulableMessage = "0/1 nodes are available",
        WaitingReason = "ImagePullBackOff",
        WaitingMessage = "Back-off pulling",
        StartedAt = Three,
        FinishedAt = Three.AddSeconds(9),
        ExitCode = 3,
        TerminatedReason = "Error",
        TerminationMessage = "{\"version\":1}\n",
    }));

    [Test]
    public void Snapshot_KeepsTheFieldsOfTheProjection() => Assert.That(Decode(new SnapshotDecoder(), Samples.Snapshot), Is.EqualTo(new SnapshotProjection
    {
        Name = new NamespacedName("shop", "walle-s"),
        Uid = "0a1b2c3d-0001-4002-8003-000000000007",
        ResourceVersion = 14,
        OwnerUid = "owner-1",
        CreationTime = Three.AddSeconds(1),
        ReadyToUse = true,
        RestoreSize = "1Gi",
        ErrorMessage = "rpc error: code = Internal",
        BoundContentName = "snapcontent-1",
    }));

    [TestCase("\"error\":{}", ExpectedResult = "")]
    [TestCase("\"error\":{\"message\":null}", ExpectedResult = "")]
    [TestCase("\"error\":null", ExpectedResult = null)]
    [TestCase("\"restoreSize\":\"1\"", ExpectedResult = null)]
    public string? Snapshot_ErrorWithoutMessage_IsAnErrorAllTheSame(string status) =>
        Decode(new SnapshotDecoder(), $"{{\"metadata\":{{\"name\":\"a\",\"uid\":\"u\"}},\"status\":{{{status}}}}}").ErrorMessage;

    [Test]
    public void Snapshot_RestoreSizeAsNumber_IsKept() =>
        Assert.That(Decode(new SnapshotDecoder(), """{"metadata":{"name":"a","uid":"u"},"status":{"restoreSize":1073741824}}""").RestoreSize, Is.EqualTo("1073741824"));

    [Test]
    public void BackupJob_IsReadWhole()
    {
        var job = Decode(new BackupJobDecoder(), Samples.BackupJob).Object;
        Assert.Multiple(() =>
        {
            Assert.That(job.DecodeError, Is.Null);
            Assert.That(job.Spec.Source.Name, Is.EqualTo("data-web-0"));
            Assert.That(job.Spec.Options!.RetryLimit, Is.EqualTo(4));
            Assert.That(job.Status!.Volumes![0].FilesNew, Is.EqualTo(3));
            Assert.That(job.Metadata.Finalizers, Is.EqualTo(new[] { WellKnown.Finalizer }));
        });
    }

    [TestCase("\"retryLimit\":4", "\"retryLimit\":\"many\"", "spec.options.retryLimit")]
    [TestCase("\"source\":{\"kind\":\"PersistentVolumeClaim\",\"name\":\"data-web-0\"}", "\"source\":7", "spec.source")]
    [TestCase("\"filesNew\":3", "\"filesNew\":\"three\"", "status.volumes[0].filesNew")]
    [TestCase("\"startTime\":\"2026-11-20T03:00:00Z\"", "\"startTime\":\"yesterday\"", "status.startTime")]
    public void BackupJob_WrongType_LeavesThatPartOutAndNamesTheField(string right, string wrong, string field)
    {
        var job = Decode(new BackupJobDecoder(), Samples.BackupJob.Replace(right, wrong, StringComparison.Ordinal)).Object;
        Assert.Multiple(() =>
        {
            Assert.That(job.DecodeError, Does.StartWith(field + ":"));
            Assert.That(job.Metadata.Name, Is.EqualTo("nightly-1"));
            Assert.That(job.Status?.Phase, Is.EqualTo(field.StartsWith("spec", StringComparison.Ordinal) ? "Uploading" : null));
            Assert.That(job.Spec.Source.Name, Is.EqualTo(field.StartsWith("spec", StringComparison.Ordinal) ? "" : "data-web-0"));
        });
    }

    [Test]
    public void AnyKind_ValuesOfAnotherType_CountAsUnset()
    {
        const string Odd = """{"metadata":{"name":"a","namespace":null,"uid":"u","labels":["x"],"ownerReferences":{"a":1},"resourceVersion":5,"deletionTimestamp":null},"spec":[{"volumeName":"no"}],"status":"broken"}""";
        Assert.That(Decode(new ClaimDecoder(), Odd), Is.EqualTo(new ClaimProjection { Name = new NamespacedName("", "a"), Uid = "u" }));
        Assert.That(Decode(new JobDecoder(), Odd).Failed, Is.False);
        Assert.That(Decode(new PodDecoder(), Odd).Phase, Is.Null);
        Assert.That(Decode(new SnapshotDecoder(), Odd).ReadyToUse, Is.False);
    }

    [TestCase("{}")]
    [TestCase("""{"metadata":null}""")]
    [TestCase("""{"metadata":{"name":"a"}}""")]
    [TestCase("""{"metadata":{"uid":"u"}}""")]
    [TestCase("""{"metadata":{"name":"","uid":"u"}}""")]
    [TestCase("""{"metadata":{"name":"a","uid":""}}""")]
    public void AnyKind_WithoutNameOrUid_IsNoObject(string json)
    {
        foreach (var decode in new Func<object?>[] { () => TryDecode(new ClaimDecoder(), json), () => TryDecode(new BackupJobDecoder(), json), () => TryDecode(new PodDecoder(), json) })
            Assert.That(decode(), Is.Null);
    }

    [Test]
    public void Strings_OfEqualValue_AreOneObject_AndLabelSetsToo()
    {
        var context = new DecodeContext();
        var first = TryDecode(new ClaimDecoder(), Samples.Claim, context)!;
        var second = TryDecode(new ClaimDecoder(), Samples.Claim, context)!;
        Assert.That(second.StorageClassName, Is.SameAs(first.StorageClassName));
        Assert.That(second.Name.Namespace, Is.SameAs(first.Name.Namespace));
        Assert.That(second.Labels, Is.SameAs(first.Labels));
    }

    [Test]
    public void StringPool_IsBounded_AndNeverMixesValues()
    {
        var pool = new StringPool(sets: 4);
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 1000; i++)
                Assert.That(pool.Get($"value-{i}".AsSpan()), Is.EqualTo($"value-{i}"));
        }
        var last = pool.Get("value-999".AsSpan());
        Assert.That(pool.Get("value-999".AsSpan()), Is.SameAs(last));
    }

    private static T Decode<T>(IProjectionDecoder<T> decoder, string json)
        where T : class, IProjection => TryDecode(decoder, json) ?? throw new AssertionException("not decoded");

    private static T? TryDecode<T>(IProjectionDecoder<T> decoder, string json, DecodeContext? context = null)
        where T : class, IProjection
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json.Replace("@HUGE@", new string('x', 200_000), StringComparison.Ordinal)));
        reader.Read();
        var decoded = decoder.Decode(ref reader, context ?? new DecodeContext());
        Assert.That(reader.Read(), Is.False, "the decoder must end on the object's last token");
        return decoded;
    }
}
