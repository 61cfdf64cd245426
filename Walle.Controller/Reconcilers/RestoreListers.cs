using Walle.Controller.Informers;
using Walle.Controller.Projections;

namespace Walle.Controller.Reconcilers;

/// <summary>The stores that a RestoreJob is reconciled from. Its target is read from the API server: absence from a store is never acted upon.</summary>
internal sealed record RestoreListers(ILister<RestoreJobProjection> RestoreJobs, ILister<JobProjection> Jobs);
