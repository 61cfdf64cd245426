namespace Walle.Tests.Storage;

/// <summary>A volume cannot be made; the message goes into the PVC's Event.</summary>
internal sealed class ProvisioningException(string message) : Exception(message);
