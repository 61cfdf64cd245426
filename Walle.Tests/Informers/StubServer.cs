using System.Net;
using System.Text;
using Walle.Controller.Kubernetes;

namespace Walle.Tests.Informers;

/// <summary>Answers HTTP requests from memory.</summary>
internal sealed class StubServer : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();

    public List<Uri> Requests { get; } = [];

    public ApiConnection Connect() => new(new HttpClient(this), new Uri("https://server/prefix/"), null);

    public void Answer(HttpStatusCode code, Stream body, Action<HttpResponseMessage>? configure = null) => _answers.Enqueue(() =>
    {
        var response = new HttpResponseMessage(code) { Content = new StreamContent(body) };
        configure?.Invoke(response);
        return response;
    });

    public void Answer(HttpStatusCode code, string body, Action<HttpResponseMessage>? configure = null) =>
        Answer(code, new MemoryStream(Encoding.UTF8.GetBytes(body)), configure);

    public void Fail(Exception exception) => _answers.Enqueue(() => throw exception);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add(request.RequestUri!);
        return Task.FromResult(_answers.Dequeue()());
    }
}
