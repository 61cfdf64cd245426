using Walle.Controller.Projections;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Selection;

/// <summary>
/// Which claims and workloads of a namespace a schedule backs up, and why it leaves out each other one. A claim that several selectors match belongs
/// to the first. Claims that Walle made are not even candidates.
/// </summary>
internal sealed class SourceSelection
{
    private readonly SelectionInput _input;
    private readonly SortedDictionary<string, ClaimProjection> _claims = new(StringComparer.Ordinal);
    private readonly List<SourceToBackUp> _sources = [];
    private readonly List<LeftOutSource> _leftOut = [];

    /// <summary>Claims that a selector has matched, whether they can be backed up or not.</summary>
    private readonly HashSet<string> _taken = [];
    private readonly HashSet<(string Kind, string Name)> _takenWorkloads = [];

    private SourceSelection(SelectionInput input)
    {
        _input = input;
        foreach (var claim in input.Claims.Where(claim => claim.OwnerUid is null && claim.Labels.All(label => label.Key != WellKnown.OwnerUidLabel)))
        {
            _claims[claim.Name.Name] = claim;
        }
    }

    public static SelectionResult Select(SelectionInput input)
    {
        var selection = new SourceSelection(input);
        foreach (var selector in input.Spec.Selectors)
        {
            var kind = selector.Kind ?? SourceKind.PersistentVolumeClaim;
            if (kind == SourceKind.PersistentVolumeClaim)
            {
                selection.TakeClaims(selector);
            }
            else
            {
                selection.TakeWorkloads(selector, kind);
            }
        }

        selection.ExplainTheRest();
        return new SelectionResult(selection._sources, selection._leftOut);
    }

    private void TakeClaims(BackupSelector selector)
    {
        foreach (var claim in _claims.Values.Where(claim => SelectorMismatch.OfClaim(selector, claim) is null && !_taken.Contains(claim.Name.Name)))
        {
            var options = OptionsOverride.Apply(_input.Spec.Options, selector.Options);
            if (IsFit(claim, options))
            {
                _sources.Add(new SourceToBackUp(SourceKind.PersistentVolumeClaim, claim.Name.Name, [claim], IsWhole: true, options));
            }
        }
    }

    private void TakeWorkloads(BackupSelector selector, string kind)
    {
        var matching = _input.Workloads.GetValueOrDefault(kind, [])
            .Where(workload => !workload.Ended && SelectorMismatch.OfNamed(selector, workload.Name.Name, workload.Labels) is null)
            .OrderBy(workload => workload.Name.Name, StringComparer.Ordinal);
        foreach (var workload in matching)
        {
            if (_takenWorkloads.Add((kind, workload.Name.Name)))
            {
                TakeWorkload(selector, kind, workload);
            }
        }
    }

    private void TakeWorkload(BackupSelector selector, string kind, WorkloadProjection workload)
    {
        var all = WorkloadClaims.Of(workload, _claims).ToList();
        var ofClass = all.Where(claim => SelectorMismatch.OfStorageClass(selector, claim) is null).ToList();
        if (workload.OptedOut || workload.Deleting)
        {
            // Its claims too: nobody else is to back up what the owner keeps out.
            _taken.UnionWith(ofClass.Select(claim => claim.Name.Name));
            _leftOut.Add(workload.OptedOut
                ? new LeftOutSource(kind, workload.Name.Name, Reason.OptedOut, "it has the annotation ros.io/backup: \"false\"")
                : new LeftOutSource(kind, workload.Name.Name, Reason.SourceGone, "it is being deleted"));
            return;
        }

        var options = OptionsOverride.Apply(_input.Spec.Options, selector.Options);
        var free = ofClass.Where(claim => !_taken.Contains(claim.Name.Name)).ToList();
        var fit = free.Where(claim => IsFit(claim, options)).ToList();
        if (fit.Count > 0 || workload.HasBackupCommand)
        {
            _sources.Add(new SourceToBackUp(kind, workload.Name.Name, fit, fit.Count == all.Count, options));
            return;
        }

        _leftOut.Add(free.Count == 0 && ofClass.Count > 0
            ? new LeftOutSource(kind, workload.Name.Name, Reason.AlreadySelected, "an earlier selector has all of its claims")
            : new LeftOutSource(kind, workload.Name.Name, Reason.NothingToBackUp, all.Count == 0
                ? "its Pods mount no PersistentVolumeClaim, and it has no annotation ros.io/backup-command"
                : $"none of its PersistentVolumeClaims can be backed up by this selector: {string.Join(", ", all.Select(claim => claim.Name.Name))}; each is listed with its reason"));
    }

    /// <summary>Takes the claim either way: a later selector must not take what an earlier one has matched.</summary>
    private bool IsFit(ClaimProjection claim, BackupOptions? options)
    {
        _taken.Add(claim.Name.Name);
        var problem = claim.Name.Name == _input.Spec.Repository.Volume?.ClaimName
            ? (Reason.OptedOut, "it holds the repository (spec.repository.volume), which is never backed up into itself")
            : ClaimFitness.Problem(claim, options, _input.Storage);
        if (problem is not var (reason, message))
        {
            return true;
        }

        _leftOut.Add(new LeftOutSource(SourceKind.PersistentVolumeClaim, claim.Name.Name, reason, message, IsWanted: reason is not (Reason.OptedOut or Reason.SourceGone)));
        return false;
    }

    private void ExplainTheRest()
    {
        foreach (var claim in _claims.Values.Where(claim => !_taken.Contains(claim.Name.Name)))
        {
            var whys = _input.Spec.Selectors.Select((selector, index) => $"selectors[{index}]: {SelectorMismatch.OfClaim(selector, claim) ?? NotOfWorkload(selector)}");
            _leftOut.Add(new LeftOutSource(SourceKind.PersistentVolumeClaim, claim.Name.Name, Reason.NotSelected, string.Join("; ", whys)));
        }
    }

    private static string NotOfWorkload(BackupSelector selector) => $"it belongs to no {selector.Kind} that matches";
}
