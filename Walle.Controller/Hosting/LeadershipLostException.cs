namespace Walle.Controller.Hosting;

/// <summary>Another controller leads, or may.</summary>
internal sealed class LeadershipLostException(string message) : Exception(message);
