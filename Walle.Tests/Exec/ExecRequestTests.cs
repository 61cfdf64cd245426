using NUnit.Framework;
using Walle.Crds.Exec;

namespace Walle.Tests.Exec;

/// <summary>The address of an exec: no value can become anything but a value.</summary>
internal sealed class ExecRequestTests
{
    private static readonly Uri Server = new("https://10.0.0.1:6443");

    [Test]
    public void Words_are_escaped_whole() => Assert.That(
        new ExecRequest("shop", "db-0", "db", ["sh", "-c", "a & b?c=d#e +ä\n%2e"]).At(Server).AbsoluteUri,
        Is.EqualTo("https://10.0.0.1:6443/api/v1/namespaces/shop/pods/db-0/exec?container=db&command=sh&command=-c&command=a%20%26%20b%3Fc%3Dd%23e%20%2B%C3%A4%0A%252e&stdin=false&stdout=true&stderr=true&tty=false"));

    [Test]
    public void A_server_below_a_path_keeps_it() =>
        Assert.That(new ExecRequest("a", "b", "c", ["d"]).At(new Uri("https://rancher/k8s/clusters/c-1/")).AbsolutePath, Is.EqualTo("/k8s/clusters/c-1/api/v1/namespaces/a/pods/b/exec"));

    [Test]
    public void Input_is_asked_for_only_where_there_is_one() =>
        Assert.That(new ExecRequest("a", "b", "c", ["d"]) { HasInput = true }.At(Server).Query, Does.Contain("&stdin=true&stdout=true"));

    [TestCase("../kube-system", "db")]
    [TestCase("..", "db")]
    [TestCase("shop", "db/../../secrets")]
    [TestCase("shop", "")]
    [TestCase("shop", "db?x=")]
    [TestCase("shop", "db%2f")]
    public void What_is_no_name_is_never_asked_for(string ns, string pod) =>
        Assert.That(() => new ExecRequest(ns, pod, "c", ["d"]).At(Server), Throws.ArgumentException);

    [Test]
    public void No_container_and_no_word_leaves_its_parameter()
    {
        var random = new Random(1);
        const string Alphabet = "ab&=?#/%.+ ;\\\"'\n\r\t\0äß漢🙂:@container";
        for (var run = 0; run < 10_000; run++)
        {
            string Text() => new([.. Enumerable.Range(0, random.Next(12)).Select(_ => Alphabet[random.Next(Alphabet.Length)]).Where(c => !char.IsSurrogate(c))]);
            var (container, words) = (Text(), new[] { Text(), Text(), Text() });
            var address = new ExecRequest("shop", "db-0", container, words).At(Server);
            var parameters = address.Query[1..].Split('&').Select(pair => pair.Split('=')).ToList();
            Assert.That(address.AbsolutePath, Is.EqualTo("/api/v1/namespaces/shop/pods/db-0/exec"));
            Assert.That(parameters.Select(pair => pair[0]), Is.EqualTo(new[] { "container", "command", "command", "command", "stdin", "stdout", "stderr", "tty" }));
            Assert.That(parameters.Take(4).Select(pair => Uri.UnescapeDataString(pair[1])), Is.EqualTo(words.Prepend(container)));
        }
    }
}
