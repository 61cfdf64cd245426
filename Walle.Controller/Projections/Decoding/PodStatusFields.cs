using System.Text.Json;

namespace Walle.Controller.Projections.Decoding;

/// <summary>What <see cref="PodProjection"/> keeps of a Pod's status.</summary>
internal struct PodStatusFields
{
    public string? Phase;
    public string? Reason;
    public string? Message;
    public bool Disrupted;
    public string? UnschedulableMessage;
    public ContainerStateFields Container;

    /// <summary>Reads the value of the property <c>status</c>.</summary>
    public static PodStatusFields Read(ref Utf8JsonReader reader, StringPool strings)
    {
        var status = default(PodStatusFields);
        if (!reader.EnterObject())
            return status;
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("phase"u8))
                status.Phase = reader.ReadPooled(strings);
            else if (reader.ValueTextEquals("reason"u8))
                status.Reason = reader.ReadPooled(strings);
            else if (reader.ValueTextEquals("message"u8))
                status.Message = reader.ReadText();
            else if (reader.ValueTextEquals("conditions"u8))
                status.ReadConditions(ref reader, strings);
            else if (reader.ValueTextEquals("containerStatuses"u8))
                status.ReadContainers(ref reader, strings);
            else
                reader.SkipValue();
        }
        return status;
    }

    private void ReadConditions(ref Utf8JsonReader reader, StringPool strings)
    {
        if (!reader.EnterArray())
            return;
        while (reader.NextObject())
        {
            var condition = ConditionFields.Read(ref reader, strings);
            if (condition is { Type: "DisruptionTarget", IsTrue: true })
                Disrupted = true;
            if (condition is { Type: "PodScheduled", IsFalse: true })
                UnschedulableMessage = condition.Message ?? condition.Reason ?? "";
        }
    }

    /// <summary>kubelet sorts the statuses by name, so that an injected sidecar may come first: the worker's is known by its name.</summary>
    private void ReadContainers(ref Utf8JsonReader reader, StringPool strings)
    {
        if (!reader.EnterArray())
            return;
        var isFirst = true;
        while (reader.NextObject())
        {
            var container = ContainerStateFields.Read(ref reader, strings);
            if (isFirst || container.Name == PodProjection.WorkerContainer)
                Container = container;
            isFirst = false;
        }
    }
}
