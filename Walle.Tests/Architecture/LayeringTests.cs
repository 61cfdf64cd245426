using NUnit.Framework;

namespace Walle.Tests.Architecture;

internal sealed class LayeringTests
{
    [Test]
    public void Sources_KeepTheOneWayOrder()
    {
        var files = SourceFile.ReadAll("Walle.Controller", "Walle.Worker", "Walle.Crds");
        Assert.That(files, Has.Count.GreaterThan(50), "the sources were not found");
        Assert.That(LayeringRules.Violations(files), Is.Empty);
    }

    [TestCase("Queue", "using Walle.Controller.Kubernetes;", "Queue (1) uses Kubernetes (2)")]
    [TestCase("Queue", "using Walle.Controller.Scheduling;", "Queue (1) uses Scheduling (1)")]
    [TestCase("Kubernetes", "using Walle.Controller.Projections;", "Kubernetes (2) uses Projections (2)")]
    [TestCase("Kubernetes", "using Walle.Controller.Projections.Decoding;", "Kubernetes (2) uses Projections (2)")]
    [TestCase("Informers", "using Walle.Controller.Reconcilers;", "Informers (3) uses Reconcilers (5)")]
    [TestCase("Informers", "using static Walle.Controller.Hosting.Thing;", "Informers (3) uses Hosting (7)")]
    [TestCase("Informers", "class X { Walle.Controller.Controllers.Thing? y; }", "Informers (3) uses Controllers (6)")]
    [TestCase("Informers", "class X { Hosting.HostThing? y; }", "Informers (3) uses Hosting (7)")]
    [TestCase("Diagnostics", "using Walle.Controller.Queue;", "Diagnostics (0) uses Queue (1)")]
    [TestCase("Pipeline", "using Walle.Controller.Informers;", "Pipeline is pure and uses Informers")]
    [TestCase("Pipeline", "using Walle.Controller.Diagnostics;", "Pipeline is pure and uses Diagnostics")]
    [TestCase("Pipeline", "class X { ApiThing? y; }", "Pipeline is pure and uses Kubernetes.ApiThing")]
    [TestCase("Pipeline", "class X { async void Y() { } }", "Pipeline is pure and mentions async")]
    [TestCase("Pipeline", "class X(ILogger<X> logger);", "Pipeline is pure and mentions ILogger")]
    [TestCase("Pipeline", "class X(IKubernetes client);", "Pipeline is pure and mentions IKubernetes")]
    [TestCase("Pipeline", "class X { object Y() => new GenericClient(); }", "Pipeline is pure and mentions GenericClient")]
    [TestCase("Stuff", "class X;", "folder Stuff has no place in the order")]
    public void BadFile_IsFound(string folder, string text, string expected) =>
        Assert.That(Check(new SourceFile($"Walle.Controller/{folder}/Bad.cs", text)), Has.Some.Contains(expected));

    [TestCase("Walle.Worker", "using Walle.Controller;", "Walle.Worker uses Walle.Controller")]
    [TestCase("Walle.Worker", "using k8s.Models;", "Walle.Worker uses k8s")]
    [TestCase("Walle.Crds", "using Walle.Worker.Restic;", "Walle.Crds uses Walle.Worker")]
    public void BadProject_IsFound(string project, string text, string expected) =>
        Assert.That(Check(new SourceFile($"{project}/Sub/Bad.cs", text)), Has.Some.Contains(expected));

    [TestCase("Hosting", "using Walle.Controller.Queue; using Walle.Controller.Controllers;")]
    [TestCase("Projections", "using Walle.Controller.Kubernetes;")]
    [TestCase("Pipeline", "using Walle.Controller.Projections; using k8s; using k8s.Models; class X { NamespacedName y; }")]
    [TestCase("Pipeline", "// async, ILogger and Walle.Controller.Informers are for others\nclass X { string y = \"await Task\"; }")]
    [TestCase("Queue", "class X { int z = Queue.Count; string y = @\"Walle.Controller.Hosting\"; }")]
    [TestCase("", "using Walle.Controller.Hosting;")]
    public void GoodFile_IsLeftAlone(string folder, string text) =>
        Assert.That(Check(new SourceFile($"Walle.Controller/{folder}/Good.cs".Replace("//", "/", StringComparison.Ordinal), text)), Is.Empty);

    private static IReadOnlyList<string> Check(SourceFile file) => LayeringRules.Violations(
    [
        file,
        new SourceFile("Walle.Controller/Hosting/HostThing.cs", "class HostThing;"),
        new SourceFile("Walle.Controller/Kubernetes/ApiThing.cs", "class ApiThing;"),
        new SourceFile("Walle.Controller/Kubernetes/NamespacedName.cs", "readonly record struct NamespacedName(string A);"),
    ]);
}
