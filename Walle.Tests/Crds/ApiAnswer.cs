using System.Net;
using System.Text.Json.Nodes;

namespace Walle.Tests.Crds;

/// <summary>What the API server answered.</summary>
internal sealed record ApiAnswer(HttpStatusCode Code, JsonObject Body)
{
    /// <summary>Of a refusal.</summary>
    public string Message => Body["message"]?.GetValue<string>() ?? "";

    public override string ToString() => $"{(int)Code} {(Message.Length > 0 ? Message : Body.ToJsonString())}";
}
