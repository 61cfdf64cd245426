using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Worker;
using Walle.Worker.Restic;

namespace Walle.Tests.Worker;

public class ResticVersionTests
{
    [TestCase("restic 0.18.0 compiled with go1.24.4 on linux/amd64", "0.18.0")]
    [TestCase("restic 0.19.1 compiled with go1.26 on linux/arm64", "0.19.1")]
    [TestCase("restic 1.0.0", "1.0.0")]
    [TestCase("restic 0.18.1-dev (compiled manually) compiled with go1.25.0 on linux/amd64", "0.18.1-dev")]
    public void New_enough(string line, string text) => Assert.That(ResticVersion.Parse(line).Required().Text, Is.EqualTo(text));

    [TestCase("restic 0.14.0 compiled with go1.19.8 on linux/amd64", Reason.ResticTooOld)]
    [TestCase("restic 0.17.3", Reason.ResticTooOld)]
    [TestCase("restic", Reason.ResticFailed)]
    [TestCase("", Reason.ResticFailed)]
    [TestCase("hello world", Reason.ResticFailed)]
    [TestCase("restic a.b.c", Reason.ResticFailed)]
    public void Refused(string line, Reason reason) =>
        Assert.That(Assert.Throws<WorkerException>(() => ResticVersion.Parse(line).Required())!.Reason, Is.EqualTo(reason));
}
