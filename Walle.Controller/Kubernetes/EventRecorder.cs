using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Walle.Crds;

namespace Walle.Controller.Kubernetes;

/// <summary>
/// Publishes Kubernetes Events, best effort: a refused Event is logged and never holds up a reconcile. The name is a hash of object, reason and
/// message, so that the same occurrence, told again after a restart, is the same Event.
/// </summary>
internal sealed partial class EventRecorder(IKubernetes kubernetes, TimeProvider time, ILogger<EventRecorder> logger)
{
    private const int MaxMessageLength = 1024;
    private readonly EventBudget _budget = new(time);

    public async Task RecordAsync(CustomResource about, string type, string reason, string message, CancellationToken cancellationToken)
    {
        var metadata = about.Metadata;
        if (!_budget.TryTake(metadata.Uid!))
        {
            LogTooMany(logger, reason, metadata.Namespace, metadata.Name, message);
            return;
        }

        var now = time.GetUtcNow().UtcDateTime;
        var text = message.Length <= MaxMessageLength ? message : message[..MaxMessageLength];
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{metadata.Uid}/{reason}/{text}")).AsSpan(0, 8));
        var note = new Corev1Event
        {
            ApiVersion = "v1",
            Kind = "Event",
            Metadata = new V1ObjectMeta { Name = string.Create(CultureInfo.InvariantCulture, $"walle-{key}"), NamespaceProperty = metadata.Namespace },
            InvolvedObject = new V1ObjectReference
            {
                ApiVersion = ApiGroup.ApiVersion,
                // The types are called as the kinds are; the items of a list need not say theirs.
                Kind = about.Kind ?? about.GetType().Name,
                Name = metadata.Name,
                NamespaceProperty = metadata.Namespace,
                Uid = metadata.Uid,
                ResourceVersion = metadata.ResourceVersion,
            },
            Type = type,
            Reason = reason,
            Message = text,
            FirstTimestamp = now,
            LastTimestamp = now,
            Count = 1,
            Source = new V1EventSource { Component = WellKnown.FieldManager },
        };
        try
        {
            await kubernetes.CoreV1.CreateNamespacedEventAsync(note, metadata.Namespace, fieldManager: WellKnown.FieldManager, cancellationToken: cancellationToken);
        }
        catch (Exception exception) when (ApiError.From(exception, cancellationToken) is { } error)
        {
            if (error.Class != ApiErrorClass.AlreadyExists)
            {
                LogRefused(logger, reason, metadata.Namespace, metadata.Name, error.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Event {Reason} for {Namespace}/{Name} was not recorded, since that object has had too many: {Text}")]
    private static partial void LogTooMany(ILogger logger, string reason, string? @namespace, string? name, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {Reason} for {Namespace}/{Name} was not recorded: {Error}")]
    private static partial void LogRefused(ILogger logger, string reason, string? @namespace, string? name, string error);
}
