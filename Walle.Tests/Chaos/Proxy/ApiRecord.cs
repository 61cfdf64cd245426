namespace Walle.Tests.Chaos.Proxy;

/// <summary>A call with an effect that the server has answered, whatever became of the answer.</summary>
/// <param name="Answer">The body, of writes only: the object as it then was.</param>
/// <param name="IsArmed">It came after the preparation of the scenario.</param>
/// <param name="At">A timestamp of TimeProvider.System.</param>
internal sealed record ApiRecord(ApiCall Call, int Status, string Answer, bool IsArmed, long At);
