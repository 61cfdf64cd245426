using System.Text;
using NUnit.Framework;
using Walle.Crds.Exec;

namespace Walle.Tests.Exec;

/// <summary>A command's output as it is shown.</summary>
internal sealed class OutputTextTests
{
    [TestCase("\e[31mred\e[0m plain", "red plain")]
    [TestCase("a\r\nb\tc\0d", "a\nb c·d")]
    [TestCase("left\u202eright", "left·right")]
    [TestCase("ends with \e[", "ends with")]
    [TestCase("postgres://joe:hunter2@db/x and https://a:b@c", "postgres://***@db/x and https://***@c")]
    [TestCase("PGPASSWORD=hunter2 psql", "PGPASSWORD=*** psql")]
    [TestCase("{\"password\": \"hunter2\", \"x\": 1}", "{\"password\": \"***\", \"x\": 1}")]
    [TestCase("IDENTIFIED BY 'hunter2'", "IDENTIFIED BY '***'")]
    [TestCase("Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.e30.abc", "Authorization: *** ***")]
    [TestCase("password authentication failed for user joe", "password authentication failed for user joe")]
    public void Controls_and_credentials_are_taken_out(string printed, string shown) => Assert.That(OutputText.Of(Encoding.UTF8.GetBytes(printed), 1000), Is.EqualTo(shown));

    [Test]
    public void The_end_is_kept() => Assert.That(OutputText.Of("0123456789"u8, 4), Is.EqualTo("…789"));

    [Test]
    public void Binary_of_any_kind_is_shown_without_a_control_character([Range(0, 4)] int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < 500; run++)
        {
            var bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            var text = OutputText.Of(bytes, 100);
            Assert.That(text.All(c => c == '\n' || !char.IsControl(c)), Is.True);
            Assert.That(text, Has.Length.LessThanOrEqualTo(100));
            Assert.That(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)), Is.EqualTo(text), "comes back from the API server as it was written");
        }
    }

    [Test]
    public void A_tail_is_the_last_bytes_however_they_came([Range(0, 9)] int seed)
    {
        var random = new Random(seed);
        var all = new List<byte>();
        var tail = new OutputTail(64);
        for (var n = 0; n < 50; n++)
        {
            var piece = new byte[random.Next(5) == 0 ? random.Next(300) : random.Next(20)];
            random.NextBytes(piece);
            all.AddRange(piece);
            tail.Add(piece);
            Assert.That(tail.ToArray(), Is.EqualTo(all.TakeLast(64)));
            Assert.That(tail.TotalBytes, Is.EqualTo(all.Count));
        }
    }
}
