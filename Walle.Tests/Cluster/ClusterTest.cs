using System.Diagnostics;
using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using NUnit.Framework;

namespace Walle.Tests.Cluster;

/// <summary>A test against the real cluster, in a namespace of its own that goes away after it.</summary>
[Category("Cluster")]
public abstract class ClusterTest
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan NamespaceDeadline = TimeSpan.FromSeconds(90);

    protected TestCluster Cluster { get; private set; } = null!;

    protected IKubernetes Kubernetes => Cluster.Kubernetes;

    /// <summary>This test's own namespace.</summary>
    protected string Namespace { get; private set; } = null!;

    /// <summary>The one cluster that the tests share, unless a test must be alone with its controller.</summary>
    protected virtual Task<TestCluster> GetClusterAsync() => TestCluster.GetAsync();

    [SetUp]
    public async Task CreateNamespaceAsync()
    {
        Cluster = await GetClusterAsync();
        var test = TestContext.CurrentContext.Test;
        Namespace = NamespaceName.For(test.FullName, test.MethodName ?? test.Name);
        // A test that is repeated finds the namespace of its last run still going away.
        await Eventually(TryCreateNamespaceAsync, NamespaceDeadline, () => $"namespace {Namespace} is still there from an earlier run of this test");
        await Eventually(AcceptsPodsAsync, NamespaceDeadline, () => $"namespace {Namespace} has no default ServiceAccount");
    }

    [TearDown]
    public async Task DeleteNamespaceAsync()
    {
        if (Namespace is null)
            return;
        if (TestContext.CurrentContext.Result.FailCount > 0)
            await NamespaceReport.WriteAsync(Kubernetes, Namespace, TestContext.Out);
        await RequestNamespaceDeletionAsync();
    }

    /// <summary>Deletes the namespace and waits until it is gone, for tests that look at what outlives it.</summary>
    protected async Task DeleteNamespaceAndWaitAsync(TimeSpan deadline)
    {
        await RequestNamespaceDeletionAsync();
        await Eventually(async () => await ReadNamespaceAsync() is null, deadline, () => $"namespace {Namespace} is still there");
    }

    /// <summary>Polls until the condition holds; fails with what <paramref name="what"/> then says. An exception of the condition ends the test.</summary>
    protected static async Task Eventually(Func<Task<bool>> condition, TimeSpan deadline, Func<string> what)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > deadline)
                throw new AssertionException($"after {deadline}: {what()}");
            await Task.Delay(PollInterval, TimeProvider.System, TestContext.CurrentContext.CancellationToken);
        }
    }

    private async Task<bool> TryCreateNamespaceAsync()
    {
        try
        {
            await Kubernetes.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = Namespace } });
            return true;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    /// <summary>Pods are refused until the default ServiceAccount is there and, before Kubernetes 1.24, has its token.</summary>
    private async Task<bool> AcceptsPodsAsync()
    {
        var accounts = await Kubernetes.CoreV1.ListNamespacedServiceAccountAsync(Namespace, fieldSelector: "metadata.name=default");
        if (accounts.Items.Count == 0)
            return false;
        return !Cluster.MakesTokenSecrets || accounts.Items[0].Secrets is { Count: > 0 };
    }

    private async Task<V1Namespace?> ReadNamespaceAsync() =>
        (await Kubernetes.CoreV1.ListNamespaceAsync(fieldSelector: $"metadata.name={Namespace}")).Items.SingleOrDefault();

    private async Task RequestNamespaceDeletionAsync()
    {
        try
        {
            await Kubernetes.CoreV1.DeleteNamespaceAsync(Namespace);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Gone already, or going.
        }
    }
}
