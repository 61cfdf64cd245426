using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Tests.EndToEnd;

namespace Walle.Tests.Attacks;

/// <summary>What Kubernetes' own roles give a namespace's users of Walle's kinds, as the API server answers (reliability.md §8.2, S12).</summary>
public sealed class UserRoleTests : EndToEndTest
{
    private static readonly string[] Kinds = ["backupschedules", "backupjobs", "restorejobs"];

    [TestCase("view", "get list watch", "create update patch delete deletecollection")]
    [TestCase("edit", "get list watch create update patch delete deletecollection", "")]
    [TestCase("admin", "get list watch create update patch delete deletecollection", "")]
    public async Task S12_UsersOfANamespace_SeeAndMakeBackups_AndWriteNoStatus(string role, string may, string mayNot)
    {
        var user = $"{role}er";
        await Kubernetes.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(new V1RoleBinding
        {
            Metadata = new V1ObjectMeta { Name = user },
            RoleRef = new V1RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "ClusterRole", Name = role },
            Subjects = [new Rbacv1Subject { Kind = "User", Name = user, ApiGroup = "rbac.authorization.k8s.io" }],
        }, Namespace);
        // The roles are put together by a controller.
        await Eventually(() => CanAsync(user, "get", Kinds[0], Namespace), BackupDeadline, () => $"{role} has not got the rights of walle-view");
        await Assert.MultipleAsync(async () =>
        {
            foreach (var kind in Kinds)
            {
                foreach (var verb in may.Split(' '))
                    Assert.That(await CanAsync(user, verb, kind, Namespace), $"{verb} {kind}");
                foreach (var verb in mayNot.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    Assert.That(await CanAsync(user, verb, kind, Namespace), Is.False, $"{verb} {kind}");
                foreach (var verb in (string[])["update", "patch"])
                    Assert.That(await CanAsync(user, verb, kind, Namespace, "status"), Is.False, $"{verb} {kind}/status");
                Assert.That(await CanAsync(user, "get", kind, "default"), Is.False, "another namespace's");
            }
        });
    }

    private async Task<bool> CanAsync(string user, string verb, string kind, string ns, string? subresource = null)
    {
        var review = await Kubernetes.AuthorizationV1.CreateSubjectAccessReviewAsync(new V1SubjectAccessReview
        {
            Spec = new V1SubjectAccessReviewSpec
            {
                User = user, Groups = ["system:authenticated"],
                ResourceAttributes = new V1ResourceAttributes { Group = "ros.io", Resource = kind, Subresource = subresource, Verb = verb, NamespaceProperty = ns },
            },
        });
        return review.Status.Allowed;
    }
}
