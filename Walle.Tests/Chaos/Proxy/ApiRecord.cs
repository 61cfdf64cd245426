namespace Walle.Tests.Chaos.Proxy;

/// <summary>A call that had an effect, and what the server answered; 0 where it was not asked.</summary>
/// <param name="Answer">The body, of writes only: the object as it then was.</param>
/// <param name="IsArmed">It came after the preparation of the scenario.</param>
internal sealed record ApiRecord(ApiCall Call, int Status, string Answer, bool IsArmed, long At);
