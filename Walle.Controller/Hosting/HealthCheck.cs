namespace Walle.Controller.Hosting;

/// <summary>One thing that may be wrong; <paramref name="Fault"/> says what is, or null.</summary>
internal sealed record HealthCheck(string Name, Func<string?> Fault);
