using System.Text.Json;
using CsCheck;
using NUnit.Framework;
using Walle.Crds.Contracts;
using Walle.Worker.Environment;
using Walle.Worker.Result;

namespace Walle.Tests.Worker;

public class RedactorTests
{
    [Test]
    public void A_secret_survives_in_no_spelling() =>
        Gen.Select(Gen.String[Gen.Char['!', '~'], 6, 24], Gen.String[Gen.Char[' ', '~'], 0, 30], Gen.Int[0, 3]).Where((secret, _, _) => !"***".Contains(secret, StringComparison.Ordinal)).Sample((secret, around, spelling) =>
        {
            var written = spelling switch
            {
                0 => secret,
                1 => Uri.EscapeDataString(secret),
                2 => JsonSerializer.Serialize(secret).Trim('"'),
                _ => $"http://user:{Uri.EscapeDataString(secret)}@host/",
            };
            var shown = new Redactor([secret]).Redact($"{around} {written} {around}");
            // The text around may itself hold a part of the secret; only the whole is one.
            Assert.That(shown, Does.Not.Contain(secret));
            if (written.Length >= 4)
                Assert.That(shown, Does.Not.Contain(written));
        }, iter: 5_000);

    [TestCase("pw", "the pw is pw.", "the *** is ***.")]
    [TestCase("a", "a bad day", "*** bad day")]
    public void A_short_secret_is_masked_where_it_stands_alone(string secret, string text, string shown) =>
        Assert.That(new Redactor([secret]).Redact(text), Is.EqualTo(shown));

    [TestCase("Head \"https://ann:s3cret@host:1/x\"", "Head \"https://***@host:1/x\"")]
    [TestCase("rest:http://ann:p@ss@host/", "rest:http://***@host/")]
    [TestCase("https://host/mail@x", "https://host/mail@x")]
    public void Users_of_any_url_are_masked(string text, string shown) =>
        Assert.That(Redactor.None.Redact(text), Is.EqualTo(shown));

    [Test]
    public void Every_credential_is_known_to_the_redactor_unless_it_is_a_place()
    {
        var canaries = CredentialVariables.Required.Concat(CredentialVariables.Optional).ToDictionary(k => k, k => $"canary-{k.ToLowerInvariant()}-canary");
        var redactor = new Redactor(CredentialEnvironment.Secrets(canaries.GetValueOrDefault));
        var shown = canaries.Where(c => redactor.Redact(c.Value) == c.Value).Select(c => c.Key);
        Assert.That(shown, Is.EquivalentTo((string[])
        [
            "RESTIC_REPOSITORY", "AWS_DEFAULT_REGION", "AWS_REGION", "AZURE_ENDPOINT_SUFFIX", "OS_AUTH_URL", "OS_REGION_NAME", "OS_STORAGE_URL", "ST_AUTH",
            "SWIFT_DEFAULT_CONTAINER_POLICY",
        ]));
    }
}
