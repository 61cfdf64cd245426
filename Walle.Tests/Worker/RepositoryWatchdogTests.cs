using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Walle.Worker.Restic;

namespace Walle.Tests.Worker;

public class RepositoryWatchdogTests
{
    private const string Refused = "Stat(<config/>) returned error, retrying after 664.871196ms: Head \"http://:***@h/config\": dial tcp 127.0.0.1:8899: connect: connection refused";
    private const string Full = "Save(<data/0b0791ca5b>) returned error, retrying after 1.012811847s: unexpected HTTP response (507): 507 Insufficient Storage";
    private const string DiskFull = "Save(<data/c49d900c3a>) failed: write /r/data/c4/c49d-tmp-3167646175: no space left on device";

    private FakeTimeProvider _time = null!;
    private RepositoryWatchdog _watchdog = null!;

    [SetUp]
    public void SetUp()
    {
        _time = new FakeTimeProvider();
        _watchdog = new RepositoryWatchdog(_time, TimeSpan.FromSeconds(60));
    }

    [TearDown]
    public async Task TearDown() => await _watchdog.DisposeAsync();

    [Test]
    public void A_server_that_does_not_answer_is_given_up_after_the_deadline_for_opening()
    {
        _watchdog.BackendSpoke(Refused);
        _time.Advance(TimeSpan.FromSeconds(59));
        _watchdog.BackendSpoke(Refused);
        Assert.That(_watchdog.Expired.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_watchdog.Expired.IsCompleted, Is.True);
        Assert.That(_watchdog.LastTrouble, Does.StartWith("Head \"http").And.EndWith("connection refused"));
    }

    [Test]
    public void Once_open_a_lost_connection_is_left_to_restics_own_retries()
    {
        _watchdog.Progressed();
        _watchdog.BackendSpoke(Refused);
        _time.Advance(TimeSpan.FromMinutes(20));
        Assert.That(_watchdog.Expired.IsCompleted, Is.False);
    }

    [TestCase(Full)]
    [TestCase(DiskFull)]
    public void A_full_storage_is_given_up_soon_even_while_restic_shows_progress(string line)
    {
        _watchdog.Progressed();
        _watchdog.BackendSpoke(line);
        _watchdog.Progressed();
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.That(_watchdog.Expired.IsCompleted, Is.True);
    }

    [Test]
    public void What_ssh_says_is_kept_but_not_what_it_only_chats()
    {
        _watchdog.BackendSpoke("subprocess /usr/bin/ssh: Host key verification failed.");
        _watchdog.BackendSpoke("subprocess /usr/bin/ssh: Please contact your system administrator.");
        Assert.That(_watchdog.LastTrouble, Is.EqualTo("Host key verification failed."));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(_watchdog.Expired.IsCompleted, Is.False, "ssh ends by itself");
    }

    [Test]
    public void A_retry_that_succeeds_calls_it_off()
    {
        _watchdog.BackendSpoke(Full);
        _watchdog.BackendSpoke("Save(<data/0b0791ca5b>) operation successful after 1 retries");
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(_watchdog.Expired.IsCompleted, Is.False);
        Assert.That(_watchdog.LastTrouble, Is.Null);
    }

    [Test]
    public void Other_lines_mean_nothing()
    {
        _watchdog.BackendSpoke("signal terminated received, cleaning up");
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(_watchdog.Expired.IsCompleted, Is.False);
    }
}
