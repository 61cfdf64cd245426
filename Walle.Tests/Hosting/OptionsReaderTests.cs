using NUnit.Framework;
using Walle.Controller;
using Walle.Controller.Hosting;

namespace Walle.Tests.Hosting;

internal sealed class OptionsReaderTests
{
    private string _folder = null!;

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("walle-options-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Read_Nothing_GivesTheDefaults()
    {
        var options = Read();
        Assert.That(options, Is.EqualTo(new ControllerOptions()));
    }

    [Test]
    public void Read_InACluster_LogsJsonAndUsesThePodsNamespace()
    {
        var options = Read(environment: new() { ["KUBERNETES_SERVICE_HOST"] = "10.0.0.1", ["POD_NAMESPACE"] = "backup" });
        Assert.That((options.LogFormat, options.LeaseNamespace), Is.EqualTo(("json", "backup")));
    }

    [Test]
    public void Read_AllThreeSources_TheLaterWins()
    {
        File.WriteAllText(Path.Combine(_folder, "appsettings.json"), """{"Workers": 1, "ClusterName": "file", "LeaseName": "file", "LeaderElection": false}""");
        var options = Read(["--workers=3", "--log-level", "debug"], new() { ["WALLE_WORKERS"] = "2", ["WALLE_CLUSTERNAME"] = "variable" });
        Assert.That((options.Workers, options.ClusterName, options.LeaseName, options.LogLevel), Is.EqualTo((3, "variable", "file", "Debug")));
        Assert.That(options.LeaderElection, Is.False);
    }

    [TestCase("--leader-election", true)]
    [TestCase("--leader-election=false", false)]
    [TestCase("--leader-election False", false)]
    [TestCase("--LeaderElection=TRUE", true)]
    public void Read_BooleanFlag_MayStandAlone(string arguments, bool expected) =>
        Assert.That(Read(arguments.Split(' ')).LeaderElection, Is.EqualTo(expected));

    [TestCase("--worker=3", "flag --worker: there is no such flag; did you mean --workers?")]
    [TestCase("--frobnicate 3", "flag --frobnicate: there is no such flag (--help lists them)")]
    [TestCase("run", "'run' is no flag")]
    [TestCase("--workers", "flag --workers: a value is missing; write --workers=VALUE")]
    [TestCase("--workers=0", "flag --workers: '0' must be a number from 1 to 64")]
    [TestCase("--workers=65", "a number from 1 to 64")]
    [TestCase("--workers=1e1", "a number from 1 to 64")]
    [TestCase("--workers=1 --workers=2", "flag --workers is given twice")]
    [TestCase("--health-port=65536", "a number from 0 to 65535")]
    [TestCase("--health-port=9 --metrics-port=9", "MetricsPort and HealthPort are both 9")]
    [TestCase("--log-format=xml", "flag --log-format: 'xml' must be one of json, text")]
    [TestCase("--log-level=All", "one of Trace, Debug, Information, Warning, Error")]
    [TestCase("--leader-election=perhaps", "one of true, false")]
    [TestCase("--namespace=Shop", "flag --namespace: 'Shop' must be a namespace, or empty for all")]
    [TestCase("--lease-namespace=", "flag --lease-namespace: '' must be a namespace")]
    [TestCase("--lease-name=a_b", "must be a name of lower-case letters")]
    [TestCase("--cluster-name=a/b", "flag --cluster-name: 'a/b' must be 1 to 63 letters")]
    [TestCase("--worker-image=", "must be an image reference, for example")]
    [TestCase("--worker-image-pull-policy=Sometimes", "one of Always, IfNotPresent, Never")]
    [TestCase("--kubeconfig=/nowhere/at/all", "flag --kubeconfig: '/nowhere/at/all' must be a file that exists")]
    public void Read_BadFlag_NamesItAndTheFix(string arguments, string expected) =>
        Assert.That(() => Read(arguments.Split(' ')), Throws.InstanceOf<InvalidOptionsException>().With.Message.Contains(expected));

    [TestCase("WALLE_WORKERS", "many", "environment variable WALLE_WORKERS: 'many' must be a number from 1 to 64")]
    [TestCase("WALLE_WORKER_IMAGE", "x", "environment variable WALLE_WORKER_IMAGE: there is no such option; did you mean WALLE_WORKERIMAGE?")]
    public void Read_BadVariable_NamesItAndTheFix(string name, string value, string expected) =>
        Assert.That(() => Read(environment: new() { [name] = value }), Throws.InstanceOf<InvalidOptionsException>().With.Message.Contains(expected));

    /// <summary>A Service named walle, or walle-metrics, in the controller's namespace makes these.</summary>
    [TestCase("WALLE_SERVICE_HOST")]
    [TestCase("WALLE_SERVICE_PORT")]
    [TestCase("WALLE_METRICS_SERVICE_PORT_HTTP")]
    [TestCase("WALLE_METRICS_PORT")]
    [TestCase("WALLE_METRICS_PORT_8080_TCP_ADDR")]
    [TestCase("WALLE_PORT_8080_TCP")]
    public void Read_VariableOfAServiceLink_IsIgnored(string name) => Assert.That(Read(environment: new() { [name] = "tcp://10.0.0.1:8080" }).MetricsPort, Is.EqualTo(8080));

    [TestCase("{", "appsettings.json: ")]
    [TestCase("""{"Worker": 3}""", "appsettings.json: there is no option Worker; did you mean Workers?")]
    [TestCase("""{"Workers": "x"}""", "Workers in appsettings.json: 'x' must be a number from 1 to 64")]
    public void Read_BadFile_NamesItAndTheFix(string json, string expected)
    {
        File.WriteAllText(Path.Combine(_folder, "appsettings.json"), json);
        Assert.That(() => Read(), Throws.InstanceOf<InvalidOptionsException>().With.Message.Contains(expected));
    }

    [Test]
    public void Read_ManyFaults_ReportsAllOfThem()
    {
        var error = Assert.Throws<InvalidOptionsException>(() => Read(["--workers=x", "--nope", "--log-format=y"]));
        Assert.That(error!.Faults, Has.Count.EqualTo(3));
    }

    /// <summary>An option that is read but never set, or set into another's place, shows here.</summary>
    [Test]
    public void EveryOption_HasAFlagAndItsOwnPlace()
    {
        var examples = new Dictionary<string, string>
        {
            ["Workers"] = "3", ["MaxBackups"] = "1", ["MaxBackupsPerNamespace"] = "2", ["MaxBackupsPerRepository"] = "3", ["MaxBackupsPerNode"] = "4", ["MaxBackupsPerStorageClass"] = "5", ["MetricsPort"] = "1", ["HealthPort"] = "2", ["LogLevel"] = "Error", ["LogFormat"] = "json", ["LeaderElection"] = "false",
            ["WorkerImagePullPolicy"] = "Never", ["Kubeconfig"] = typeof(OptionsReaderTests).Assembly.Location,
        };
        var properties = typeof(ControllerOptions).GetProperties(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance).Select(property => property.Name);
        Assert.That(ControllerOptionList.All.Select(option => option.Name), Is.EquivalentTo(properties));
        foreach (var option in ControllerOptionList.All)
        {
            var value = examples.GetValueOrDefault(option.Name, "example");
            var options = Read([$"{option.Flag}={value}"]);
            Assert.That(option.Show(options), Is.EqualTo(value), option.Name);
            Assert.That(ControllerOptionList.All.Count(other => other.Show(options) != other.Show(Read())), Is.EqualTo(1), $"{option.Name} changes nothing else");
            Assert.That(OptionsReader.Help, Does.Contain(option.Flag + " "));
        }
    }

    private ControllerOptions Read(string[]? arguments = null, Dictionary<string, string>? environment = null) => OptionsReader.Read(arguments ?? [], environment ?? [], _folder);
}
