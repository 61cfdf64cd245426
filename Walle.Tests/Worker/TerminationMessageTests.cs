using System.Text.Json;
using CsCheck;
using NUnit.Framework;
using Walle.Crds.Contracts;
using Walle.Crds.Json;
using Walle.Worker.Result;

namespace Walle.Tests.Worker;

public class TerminationMessageTests
{
    private static readonly Gen<string> Any = Gen.OneOf(Gen.String[0, 200], Gen.String[3000, 6000], Gen.Const(new string('\u20ac', 5000)), Gen.Const(new string('"', 5000)), Gen.Const("\ud83d"), Gen.Const("a\u001b[31mb\nc\u202ed"));

    [Test]
    public void Whatever_happened_it_is_json_that_kubelet_takes_whole() =>
        Gen.Select(Any.Null(), Any.Null(), Any.Array[0, 30], Gen.Double, Gen.Long).Sample((message, id, paths, seconds, count) =>
        {
            var result = new WorkerResult
            {
                ExitCode = 3, Reason = "SourceUnreadable", Message = message, SnapshotId = id, ParentId = id, ResticVersion = message, Unreadable = [.. paths], UnreadableCount = count,
                DurationSeconds = seconds, RepositoryId = id,
            };
            var bytes = TerminationMessage.Serialize(result, Redactor.None);
            Assert.That(bytes, Has.Length.LessThanOrEqualTo(4096));
            var read = JsonSerializer.Deserialize(bytes, CrdJsonContext.Default.WorkerResult)!;
            Assert.That((read.ExitCode, read.Reason, read.UnreadableCount), Is.EqualTo((3, "SourceUnreadable", (long?)count)));
            Assert.That((read.Message ?? "").Concat(string.Concat(read.Unreadable ?? [])).Any(char.IsControl), Is.False);
        }, iter: 1_000);

    [Test]
    public void The_controller_reads_every_field_that_the_worker_writes()
    {
        var id = new string('a', 64);
        var result = new WorkerResult
        {
            ExitCode = 3, Reason = "r", Message = "m", SnapshotId = id, ParentId = id, Skipped = true, FilesNew = 1, FilesChanged = 2, FilesUnmodified = 3, BytesProcessed = 4, BytesAdded = 5,
            DurationSeconds = 6.5, Unreadable = ["x"], UnreadableCount = 7, ResticVersion = "0.18.0", RepositoryId = id, Sha256 = id, CommandExitCode = 8, CommandStarted = true, SubPath = "/walle/shop/data",
            SnapshotTime = new DateTimeOffset(2026, 11, 20, 3, 0, 7, TimeSpan.Zero), BytesNeeded = 8, FilesRestored = 9, FilesSkipped = 10, FilesDeleted = 11, BytesRestored = 12,
            Verified = true, OwnershipRestored = false, Claim = new RecordedClaim { StorageClassName = "fast", Size = "1Gi" },
            Forgotten = 13, Kept = 14, BytesRemoved = 15, Missing = [id], Locks = [new RepositoryLock { Id = id, Host = "h" }],
        };
        Assert.That(typeof(WorkerResult).GetProperties().Where(p => p.GetValue(result) is null), Is.Empty, "a field is not set here");
        var read = JsonSerializer.Deserialize(TerminationMessage.Serialize(result, Redactor.None), CrdJsonContext.Default.WorkerResult)!;
        // A record compares its lists by reference.
        Assert.That(read with { Unreadable = null, Missing = null, Locks = null }, Is.EqualTo(result with { Unreadable = null, Missing = null, Locks = null }));
        Assert.That((read.Unreadable, read.Missing, read.Locks), Is.EqualTo((result.Unreadable, result.Missing, result.Locks)));
    }

    [Test]
    public void No_secret_is_in_it_whichever_field_would_hold_it()
    {
        const string Secret = "canary-secret-4e11";
        var result = new WorkerResult { ExitCode = 1, Reason = "ResticFailed", Message = $"restic said {Secret}", Unreadable = [$"/a/{Secret}/b"] };
        Assert.That(System.Text.Encoding.UTF8.GetString(TerminationMessage.Serialize(result, new Redactor([Secret]))), Does.Not.Contain(Secret).And.Contain("***"));
    }

    [Test]
    public void A_long_list_of_paths_is_shortened_before_the_message()
    {
        var result = new WorkerResult { Message = new string('m', 1000), Unreadable = [.. Enumerable.Range(0, 20).Select(i => new string('p', 290) + i)], UnreadableCount = 400 };
        var read = JsonSerializer.Deserialize(TerminationMessage.Serialize(result, Redactor.None), CrdJsonContext.Default.WorkerResult)!;
        Assert.That(read.Message, Has.Length.EqualTo(1000));
        Assert.That(read.Unreadable, Has.Count.InRange(8, 12));
    }
}
