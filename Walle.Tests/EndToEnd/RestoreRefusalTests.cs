using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Tests.EndToEnd;

/// <summary>What a restore refuses: the right reason, told once, and the target as it was.</summary>
public sealed class RestoreRefusalTests : RestoreEndToEndTest
{
    private const string Target = "target";
    private const string Job = "refused";

    [Test]
    public async Task MissingTarget_IsRefused()
    {
        await RefusedAsync(Job, FromClaim(Claim, Target), Reason.TargetNotFound, "kubectl");
    }

    [Test]
    public async Task MissingBackup_MakesNoClaim()
    {
        await SaveAsync();
        await RefusedAsync(Job, FromClaim("never-backed-up", Target, new NewClaim()), Reason.BackupNotFound, "never-backed-up");
        Assert.That((await Kubernetes.CoreV1.ListNamespacedPersistentVolumeClaimAsync(Namespace)).Items.Select(claim => claim.Metadata.Name), Is.EqualTo(new[] { Claim }));
    }

    [Test]
    public async Task ExistingTarget_WithCreate_IsRefusedUntouched()
    {
        await SaveAsync();
        await UntouchedAsync(() => RefusedAsync(Job, FromClaim(Claim, Target, new NewClaim()), Reason.TargetExists, "create"), "true");
    }

    [Test]
    public async Task TargetInUse_IsRefused_ByThePodsName()
    {
        await SaveAsync();
        await UntouchedAsync(
            async () =>
            {
                await RunPodAsync("shop-0", Target);
                await RefusedAsync(Job, FromClaim(Claim, Target) with { Overwrite = OverwriteMode.Always }, Reason.TargetInUse, "shop-0");
            },
            "echo mine > precious");
    }

    [Test]
    public async Task TargetThatIsTooSmall_IsRefusedUntouched()
    {
        await CreateClaimAsync(Claim, size: "64Mi");
        await WriteAsync(Claim, "head -c 40000000 /dev/urandom > big");
        await CreateSecretAsync();
        await BackUpAsync("first", Claim);
        await UntouchedAsync(() => RefusedAsync(Job, FromClaim(Claim, Target), Reason.TargetTooSmall, "38.1 MiB"), "true", size: "24Mi");
        await RefusedAsync("refused-too", FromClaim(Claim, "made", new NewClaim { Size = "24Mi" }), Reason.TargetTooSmall, "nothing was made");
    }

    [Test]
    public async Task TargetThatIsNotEmpty_IsRefusedUntouched()
    {
        await SaveAsync();
        await UntouchedAsync(() => RefusedAsync(Job, FromClaim(Claim, Target), Reason.TargetNotEmpty, "precious"), "echo mine > precious; chmod 0000 precious");
    }

    [Test]
    public async Task ForeignNamespace_IsRefusedUntouched_UntilTheSecretAllowsIt()
    {
        await SaveAsync();
        var spec = FromClaim(Claim, Target) with { Source = new RestoreSource { ClaimName = Claim, Namespace = "somebody-else" } };
        await UntouchedAsync(() => RefusedAsync(Job, spec, Reason.ForeignBackup, "WALLE_RESTORE_NAMESPACES"), "true");
        await Kubernetes.CoreV1.PatchNamespacedSecretAsync(new V1Patch("""{"stringData":{"WALLE_RESTORE_NAMESPACES":"somebody-else"}}""", V1Patch.PatchType.MergePatch), SecretName, Namespace);
        await RefusedAsync("allowed", spec, Reason.BackupNotFound, "/walle/somebody-else/data");
    }

    [Test]
    public async Task WrongPassword_IsRefusedUntouched()
    {
        await SaveAsync();
        await CreateSecretAsync(password: "wrong", name: "wrong");
        var spec = FromClaim(Claim, Target) with { Repository = new RestoreRepository { SecretRef = new SecretReference { Name = "wrong" } } };
        await UntouchedAsync(() => RefusedAsync(Job, spec, Reason.WrongPassword, "RESTIC_PASSWORD"), "true");
    }

    [Test]
    public async Task VanishedRepository_IsRefusedUntouched_AndNotMadeAnew()
    {
        await CreateSecretAsync();
        await UntouchedAsync(() => RefusedAsync(Job, FromClaim(Claim, Target), Reason.RepositoryNotFound, ""), "true");
        Assert.That(await Cluster.Node.RunAsync("sh", "-c", $"ls {Walle.Repositories.Folder}/{Namespace} 2>/dev/null | wc -l"), Is.EqualTo("0").IgnoreWhiteSpace);
    }

    [Test]
    public async Task MissingStorageClass_IsRefused_BeforeAClaimIsMade()
    {
        await SaveAsync();
        await RefusedAsync(Job, FromClaim(Claim, Target, new NewClaim { StorageClassName = "no-such-class" }), Reason.StorageClassMissing, "kubectl get storageclass");
    }

    [Test]
    public async Task ClaimThatIsNeverBound_Fails_TargetNotBound()
    {
        await SaveAsync();
        await CreateUnboundClaimAsync(Target, "no-such-class");
        await RefusedAsync(Job, FromClaim(Claim, Target) with { Options = new RestoreOptions { BindTimeoutSeconds = 10 } }, Reason.TargetNotBound, "bindTimeoutSeconds");
    }

    private async Task SaveAsync()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "echo content > file");
        await CreateSecretAsync();
        await BackUpAsync("first", Claim);
    }

    private async Task UntouchedAsync(Func<Task> refused, string content, string size = "64Mi")
    {
        await CreateClaimAsync(Target, size: size);
        await WriteAsync(Target, content);
        var before = (await ManifestOfClaimAsync(Target), await RootOfClaimAsync(Target));
        await refused();
        Assert.That((await ManifestOfClaimAsync(Target), await RootOfClaimAsync(Target)), Is.EqualTo(before), "untouched");
    }
}
