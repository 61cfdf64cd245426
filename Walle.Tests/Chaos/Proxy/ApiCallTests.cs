using NUnit.Framework;

namespace Walle.Tests.Chaos.Proxy;

/// <summary>A request is named as the API server's authorizer names it.</summary>
public sealed class ApiCallTests
{
    [TestCase("GET", "/api/v1/namespaces/shop/pods", "", "list pods", "shop", null)]
    [TestCase("GET", "/api/v1/pods", "?watch=true&resourceVersion=3", "watch pods", null, null)]
    [TestCase("GET", "/apis/batch/v1/namespaces/shop/jobs/a", "", "get jobs", "shop", "a")]
    [TestCase("POST", "/apis/snapshot.storage.k8s.io/v1/namespaces/shop/volumesnapshots", "?fieldManager=x", "create volumesnapshots", "shop", null)]
    [TestCase("PATCH", "/apis/ros.io/v1/namespaces/shop/backupjobs/first/status", "", "patch backupjobs/status", "shop", "first")]
    [TestCase("DELETE", "/api/v1/namespaces/shop/persistentvolumeclaims/a", "", "delete persistentvolumeclaims", "shop", "a")]
    [TestCase("PUT", "/apis/coordination.k8s.io/v1/namespaces/walle-system/leases/l", "", "update leases", "walle-system", "l")]
    [TestCase("GET", "/api/v1/namespaces/shop/pods/db-0/exec", "?command=sh&watch=1", "exec pods", "shop", "db-0")]
    [TestCase("GET", "/api/v1/namespaces/shop", "", "get namespaces", null, "shop")]
    [TestCase("GET", "/apis/storage.k8s.io/v1/storageclasses/fast", "", "get storageclasses", null, "fast")]
    [TestCase("GET", "/version", "", "get ", null, null)]
    public void Call_IsNamed(string method, string path, string query, string kind, string? ns, string? name)
    {
        var call = ApiCall.Parse(method, path, query);
        Assert.That((call.Kind, call.Namespace, call.Name), Is.EqualTo((kind, ns, name)));
    }

    [Test]
    public void CommandInAPod_HasAnEffect_AndIsNoWrite()
    {
        var call = ApiCall.Parse("GET", "/api/v1/namespaces/shop/pods/db-0/exec", "");
        Assert.That((call.HasEffect, call.IsMutating, call.IsWatch), Is.EqualTo((true, false, false)));
    }
}
