using System.Reflection;
using NUnit.Framework;
using Walle.Crds.Printing;
using Walle.Crds.Schema;
using Walle.Tests.Cluster;
using YamlDotNet.RepresentationModel;

namespace Walle.Tests.Crds;

/// <summary>The program, and the files in the repository that are its output.</summary>
[TestFixture]
public sealed class PrintCommandTests
{
    [Test]
    public void Files_in_the_repository_are_what_the_program_writes()
    {
        const string Advice = "run hack/update-crds and commit the result";
        foreach (var kind in CustomResourceDefinitions.Kinds)
        {
            var file = CustomResourceDefinitions.Plural(kind) + ".yaml";
            Assert.That(File.ReadAllText(RepositoryRoot.Combine("manifests", "crds", file)), Is.EqualTo(PrintCommand.Document(kind, withCel: false)), Advice);
            Assert.That(File.ReadAllText(RepositoryRoot.Combine("manifests", "crds", "cel", file)), Is.EqualTo(PrintCommand.Document(kind, withCel: true)), Advice);
        }

        Assert.That(File.ReadAllText(RepositoryRoot.Combine("docs", "reasons.md")), Is.EqualTo(ReasonReference.Build()), Advice);
    }

    [TestCase("crds"), TestCase("crds/cel")]
    public void Kustomization_names_every_file_and_no_other(string name)
    {
        var folder = RepositoryRoot.Combine("manifests", name);
        using var reader = File.OpenText(Path.Combine(folder, "kustomization.yaml"));
        var yaml = new YamlStream();
        yaml.Load(reader);
        var named = ((YamlSequenceNode)yaml.Documents[0].RootNode["resources"]).Select(node => node.ToString());
        Assert.That(named, Is.EquivalentTo(CustomResourceDefinitions.Kinds.Select(kind => CustomResourceDefinitions.Plural(kind) + ".yaml")));
        Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName), Is.EquivalentTo(named.Append("kustomization.yaml")));
    }

    [Test]
    public void Output_without_arguments_is_one_document_a_kind()
    {
        var (code, output, error) = Run();
        var yaml = new YamlStream();
        yaml.Load(new StringReader(output));
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(yaml.Documents.Select(document => document.RootNode["metadata"]["name"].ToString()), Is.EqualTo(new[] { "backupschedules.ros.io", "backupjobs.ros.io", "restorejobs.ros.io" }));
    }

    [Test]
    public void Output_into_a_directory_makes_it_and_writes_one_file_a_kind()
    {
        var folder = Directory.CreateTempSubdirectory("walle-crds-");
        try
        {
            var target = Path.Combine(folder.FullName, "new", "crds");
            Assert.That(Run("--output", target), Is.EqualTo((0, "", "")));
            Assert.That(Directory.GetFiles(target).Select(Path.GetFileName), Is.EquivalentTo(new[] { "backupjobs.yaml", "backupschedules.yaml", "restorejobs.yaml" }));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void Cel_rules_are_printed_only_when_asked_for()
    {
        // kubectl before 1.25, and any kubectl with a server before 1.23, refuses a CRD that holds one.
        Assert.That(Run().Output, Does.Not.Contain("x-kubernetes-validations"));
        Assert.That(Run("--cel").Output, Does.Contain("x-kubernetes-validations").And.Contain("rule: self == oldSelf"));
    }

    [Test]
    public void Reasons_are_printed() => Assert.That(Run("reasons").Output, Does.Contain("| `InvalidSpec` | The spec is wrong"));

    [TestCase("--help"), TestCase("-h")]
    public void Help_is_no_error(string argument) => Assert.That(Run(argument).Code, Is.Zero);

    [TestCase("unknown argument \"--outptu\"", "--outptu", "x")]
    [TestCase("unknown argument \"\"", "")]
    [TestCase("--output needs a directory", "--output")]
    [TestCase("--output needs a directory", "--output", "")]
    [TestCase("unknown argument \"y\"", "--output", "x", "y")]
    [TestCase("unknown argument \"reasons\"", "reasons", "x")]
    [TestCase("unknown argument \"reasons\"", "--cel", "reasons")]
    [TestCase("is a file, not a directory", "--output", "/etc/hostname")]
    public void Bad_arguments_are_named_and_end_with_2(string message, params string[] arguments)
    {
        var (code, output, error) = Run(arguments);
        Assert.That((code, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.StartWith("error: ").And.Contains(message).And.Contains("Usage:"));
    }

    [Test]
    public void Directory_that_cannot_be_written_ends_with_1() =>
        Assert.That((Run("--output", "/proc/walle").Code, Run("--output", "/proc/walle").Error), Is.EqualTo((1, "error: cannot write to \"/proc/walle\": Could not find file '/proc/walle'.\n")));

    [Test]
    public void Main_is_the_method_that_trimming_empties()
    {
        // If the names drift apart, the native worker carries the printer, and its build fails with trim warnings.
        var program = typeof(PrintCommand).Assembly.GetType("Walle.Crds.Program")!;
        var main = program.GetMethod("Main", BindingFlags.Public | BindingFlags.Static, [typeof(string[])])!;
        using var substitutions = new StreamReader(program.Assembly.GetManifestResourceStream("ILLink.Substitutions.xml")!);
        Assert.That(main, Is.EqualTo(program.Assembly.EntryPoint));
        Assert.That(substitutions.ReadToEnd(), Does.Contain($"\"{program.FullName}\"").And.Contains("\"System.Int32 Main(System.String[])\""));
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (PrintCommand.Run(arguments, output, error), output.ToString(), error.ToString());
    }
}
