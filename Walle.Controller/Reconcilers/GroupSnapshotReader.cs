using System.Globalization;
using System.Text.Json;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.GroupSnapshots;
using Walle.Controller.Projections;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Reconcilers;

/// <summary>
/// Live looks at VolumeGroupSnapshots and their members. The snapshot controller makes the members, without Walle's label: they are known by their
/// owner, which is the group with the UID that was seen.
/// </summary>
internal sealed class GroupSnapshotReader(VolumeGroupSnapshotClient groups, VolumeSnapshotClient snapshots)
{
    /// <summary>What the server offers. A right that is missing costs the group and nothing else: rights of an older version may be installed.</summary>
    public async Task<GroupSnapshotOffer?> OfferAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await groups.ListClassesAsync(cancellationToken) is { } found
                ? new GroupSnapshotOffer(found.Version, [.. found.Classes.Select(one => new SnapshotClassFacts(one.Name, one.Driver, one.IsDefault))])
                : null;
        }
        catch (Exception exception) when (ApiError.Is(exception, ApiErrorClass.Forbidden))
        {
            return null;
        }
    }

    /// <summary>The group and its members, where a step may ask for them: each volume gets the VolumeSnapshot that was made of it.</summary>
    public async Task<BackupObservation> ObserveAsync(BackupObservation observation, BackupJobStatus status, CancellationToken cancellationToken)
    {
        if (!GroupSnapshotStep.IsUsed(status) || !IsNeeded(observation, status))
        {
            return observation;
        }

        try
        {
            var group = await GroupAsync(observation.Namespace, status, cancellationToken);
            var members = await MembersAsync(observation.Namespace, status, group, observation.Uid, cancellationToken);
            return observation with
            {
                Group = group,
                Parts = [.. observation.Parts.Select(part => part.IsDump ? part : part with { Group = group, Snapshot = members.GetValueOrDefault(part.ClaimName) })],
            };
        }
        catch (Exception exception) when (ApiError.From(exception, cancellationToken) is { Class: ApiErrorClass.Forbidden } error)
        {
            // Not a failure to read: an open window has to end all the same.
            var failure = new ActionFailure(Reason.Forbidden, error.Message, IsFinal: false);
            return observation with { ActionFailure = failure, Parts = [.. observation.Parts.Select(part => part with { ActionFailure = failure })] };
        }
    }

    /// <summary>Neither the group nor a member of it is left.</summary>
    public async Task<bool> IsGoneAsync(string @namespace, string ownerUid, BackupJobStatus status, CancellationToken cancellationToken)
    {
        if (!GroupSnapshotStep.IsUsed(status))
        {
            return true;
        }

        var group = await GroupAsync(@namespace, status, cancellationToken);
        return group?.ControllerUid != ownerUid && (await MembersAsync(@namespace, status, null, ownerUid, cancellationToken)).Count == 0;
    }

    /// <summary>While a volume waits for its VolumeSnapshot or is made from it; and to the end of the cleaning.</summary>
    private static bool IsNeeded(BackupObservation observation, BackupJobStatus status) => BackupResult.IsKnown(status)
        ? !status.IsTrue(ConditionTypes.CleanedUp)
        : observation.Parts.Any(part => !part.IsDump && !VolumeViews.IsKnown(status, part) && part.Job.Status?.IsTrue(ConditionTypes.CloneBound) != true);

    private async Task<GroupSnapshotFacts?> GroupAsync(string @namespace, BackupJobStatus status, CancellationToken cancellationToken)
    {
        var noted = status.VolumeGroupSnapshot!;
        try
        {
            var found = await groups.GetAsync(noted.Version!, new NamespacedName(@namespace, noted.Name!), cancellationToken);
            return new GroupSnapshotFacts(noted.Name!, Text(found, "metadata", "uid") ?? "")
            {
                ControllerUid = Owners(found).Where(owner => owner.IsController).Select(owner => owner.Uid).FirstOrDefault(),
                Deleting = Text(found, "metadata", "deletionTimestamp") is not null,
                CreationTime = Time(Text(found, "status", "creationTime")),
                ErrorMessage = found.TryGetProperty("status", out var told) && told.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object ? Field(error, "message") ?? "" : null,
                BoundContentName = Text(found, "status", "boundVolumeGroupSnapshotContentName"),
            };
        }
        catch (Exception exception) when (ApiError.Is(exception, ApiErrorClass.NotFound))
        {
            return null;
        }
    }

    /// <summary>By the claim that they were made of. Of a foreign group there are none.</summary>
    private async Task<Dictionary<string, SnapshotProjection>> MembersAsync(string @namespace, BackupJobStatus status, GroupSnapshotFacts? group, string ownerUid, CancellationToken cancellationToken)
    {
        if (group is not null && group.ControllerUid != ownerUid || (group?.Uid ?? status.VolumeGroupSnapshot!.Uid) is not { } groupUid)
        {
            return [];
        }

        var members = (await snapshots.ListAsync(@namespace, cancellationToken)).Where(item => Owners(item).Any(owner => owner.Uid == groupUid));
        return members.Select(item => (Claim: item.GetProperty("spec").GetProperty("source") is var source && source.TryGetProperty("persistentVolumeClaimName", out var claim) ? claim.GetString() ?? "" : "", Item: item))
            .OrderBy(member => Text(member.Item, "metadata", "name"), StringComparer.Ordinal)
            .GroupBy(member => member.Claim).ToDictionary(same => same.Key, same => Project(same.First().Item, @namespace, ownerUid));
    }

    /// <summary>As if Walle had made it: its group is Walle's.</summary>
    private static SnapshotProjection Project(JsonElement item, string @namespace, string ownerUid) => new()
    {
        Name = new NamespacedName(@namespace, Text(item, "metadata", "name") ?? ""),
        Uid = Text(item, "metadata", "uid") ?? "",
        ControllerUid = ownerUid,
        Deleting = Text(item, "metadata", "deletionTimestamp") is not null,
        CreationTime = Time(Text(item, "status", "creationTime")),
        ReadyToUse = item.TryGetProperty("status", out var told) && told.TryGetProperty("readyToUse", out var ready) && ready.ValueKind == JsonValueKind.True,
        RestoreSize = Text(item, "status", "restoreSize"),
        ErrorMessage = item.TryGetProperty("status", out var status) && status.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object ? Field(error, "message") ?? "" : null,
        BoundContentName = Text(item, "status", "boundVolumeSnapshotContentName"),
    };

    private static IEnumerable<(string? Uid, bool IsController)> Owners(JsonElement item) => item.GetProperty("metadata").TryGetProperty("ownerReferences", out var owners)
        ? owners.EnumerateArray().Select(owner => (Field(owner, "uid"), owner.TryGetProperty("controller", out var controller) && controller.ValueKind == JsonValueKind.True))
        : [];

    private static string? Text(JsonElement item, string part, string field) => item.TryGetProperty(part, out var found) ? Field(found, field) : null;

    private static string? Field(JsonElement item, string field) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
