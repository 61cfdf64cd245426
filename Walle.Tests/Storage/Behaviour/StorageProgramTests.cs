using NUnit.Framework;

namespace Walle.Tests.Storage;

/// <summary>The verb <c>storage</c> refuses what it cannot use, by name.</summary>
[TestFixture]
public sealed class StorageProgramTests
{
    private const int UsageError = 2;

    [TestCase("")]
    [TestCase("--node")]
    [TestCase("--nod x")]
    [TestCase("--node x --kubeconfig /nowhere")]
    public async Task Bad_arguments_end_with_exit_code_2(string arguments) =>
        Assert.That(await StorageProgram.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)), Is.EqualTo(UsageError));
}
