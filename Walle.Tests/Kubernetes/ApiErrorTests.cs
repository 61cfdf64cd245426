using System.Net;
using k8s.Autorest;
using NUnit.Framework;
using Walle.Controller.Kubernetes;

namespace Walle.Tests.Kubernetes;

/// <summary>What an answer of the API server means; the bodies are as kube-apiserver 1.36 writes them.</summary>
internal sealed class ApiErrorTests
{
    private static IEnumerable<TestCaseData> Answers()
    {
        yield return Answer(404, """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"persistentvolumeclaims \"data\" not found","reason":"NotFound","details":{"name":"data","kind":"persistentvolumeclaims"},"code":404}""", ApiErrorClass.NotFound, "persistentvolumeclaims \"data\" not found");
        yield return Answer(404, "404 page not found\n", ApiErrorClass.NotFound, "the API server answered 404");
        yield return Answer(409, """{"kind":"Status","status":"Failure","message":"jobs.batch \"walle-1\" already exists","reason":"AlreadyExists","details":{"name":"walle-1","group":"batch","kind":"jobs"},"code":409}""", ApiErrorClass.AlreadyExists, "already exists");
        yield return Answer(409, """{"kind":"Status","status":"Failure","message":"Operation cannot be fulfilled on backupjobs.ros.io \"x\": the object has been modified; please apply your changes to the latest version and try again","reason":"Conflict","code":409}""", ApiErrorClass.Conflict, "has been modified");
        yield return Answer(403, """{"kind":"Status","status":"Failure","message":"jobs.batch \"walle-1\" is forbidden: unable to create new content in namespace shop because it is being terminated","reason":"Forbidden","details":{"name":"walle-1","group":"batch","kind":"jobs","causes":[{"reason":"NamespaceTerminating","message":"namespace shop is being terminated","field":"metadata.namespace"}]},"code":403}""", ApiErrorClass.NamespaceTerminating, "being terminated");
        yield return Answer(403, """{"kind":"Status","status":"Failure","message":"persistentvolumeclaims \"walle-1\" is forbidden: exceeded quota: q, requested: persistentvolumeclaims=1, used: persistentvolumeclaims=1, limited: persistentvolumeclaims=1","reason":"Forbidden","code":403}""", ApiErrorClass.QuotaExceeded, "exceeded quota");
        yield return Answer(403, """{"kind":"Status","status":"Failure","message":"jobs.batch is forbidden: User \"system:serviceaccount:walle-system:walle\" cannot create resource \"jobs\" in API group \"batch\" in the namespace \"shop\"","reason":"Forbidden","code":403}""", ApiErrorClass.Forbidden, "cannot create");
        yield return Answer(401, """{"kind":"Status","status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}""", ApiErrorClass.Forbidden, "Unauthorized");
        yield return Answer(422, """{"kind":"Status","status":"Failure","message":"Job.batch \"walle-1\" is invalid: spec.template.spec.nodeSelector: Invalid value","reason":"Invalid","code":422}""", ApiErrorClass.Invalid, "Invalid value");
        yield return Answer(400, """{"kind":"Status","status":"Failure","message":"the request is bad","reason":"BadRequest","code":400}""", ApiErrorClass.Invalid, "bad");
        yield return Answer(429, """{"kind":"Status","status":"Failure","message":"too many requests","reason":"TooManyRequests","code":429}""", ApiErrorClass.Transient, "too many");
        yield return Answer(500, """{"kind":"Status","status":"Failure","message":"Internal error occurred: failed calling webhook \"x\": context deadline exceeded","reason":"InternalError","code":500}""", ApiErrorClass.Transient, "failed calling webhook");
        yield return Answer(502, "<html>Bad Gateway</html>", ApiErrorClass.Transient, "502");
        yield return Answer(504, null, ApiErrorClass.Transient, "504");
    }

    [TestCaseSource(nameof(Answers))]
    public void Is_classified(int code, string? body, object expected, string words)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)code);
        var error = ApiError.From(new HttpOperationException { Response = new HttpResponseMessageWrapper(response, body!) }, CancellationToken.None);
        Assert.That(error, Has.Property("Class").EqualTo((ApiErrorClass)expected).And.Property("Message").Contains(words));
    }

    [Test]
    public void No_answer_is_transient()
    {
        foreach (var exception in new Exception[] { new HttpRequestException("refused"), new IOException("reset"), new TaskCanceledException(), new TimeoutException() })
        {
            Assert.That(ApiError.From(exception, CancellationToken.None)?.Class, Is.EqualTo(ApiErrorClass.Transient), exception.GetType().Name);
        }
    }

    [Test]
    public void A_bug_and_our_own_cancellation_are_no_answers()
    {
        Assert.That(ApiError.From(new InvalidOperationException(), CancellationToken.None), Is.Null);
        Assert.That(ApiError.From(new OperationCanceledException(), new CancellationToken(canceled: true)), Is.Null);
    }

    [Test]
    public void A_long_message_is_cut()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.UnprocessableEntity);
        var body = $$"""{"kind":"Status","message":"{{new string('x', 100_000)}}"}""";
        Assert.That(ApiError.From(new HttpOperationException { Response = new HttpResponseMessageWrapper(response, body) }, CancellationToken.None)!.Message, Has.Length.LessThanOrEqualTo(1024));
    }

    private static TestCaseData Answer(int code, string? body, ApiErrorClass expected, string words) => new TestCaseData(code, body, expected, words).SetArgDisplayNames($"{code} {expected} {words}");
}
