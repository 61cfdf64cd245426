using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Controller.Projections.Decoding;

/// <summary>RestoreJob -> <see cref="RestoreJobProjection"/>.</summary>
internal sealed class RestoreJobDecoder() : CustomResourceDecoder<RestoreJobProjection, RestoreJob, RestoreJobSpec, RestoreJobStatus>(
    CrdJsonContext.Default.RestoreJob,
    CrdJsonContext.Default.RestoreJobSpec,
    CrdJsonContext.Default.RestoreJobStatus,
    parts => new RestoreJob { Metadata = parts.Metadata, Spec = parts.Spec ?? new(), Status = parts.Status, DecodeError = parts.Error },
    whole => new RestoreJobProjection(whole));
