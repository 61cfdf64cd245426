namespace Walle.Controller.Hosting;

/// <summary>What an <see cref="HttpEndpoint"/> says to a GET.</summary>
internal sealed record HttpAnswer(int Status, string Body, string ContentType = "text/plain; charset=utf-8");
