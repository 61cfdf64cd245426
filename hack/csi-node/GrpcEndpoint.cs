using System.Buffers.Binary;
using Microsoft.AspNetCore.Http;

namespace Walle.CsiNode;

/// <summary>gRPC's framing of unary calls over Kestrel's HTTP/2: five bytes before the message, the status in the trailers.</summary>
internal static class GrpcEndpoint
{
    private const int PrefixLength = 5;

    public static async Task ServeAsync(HttpContext context, Func<string, List<ProtoField>, byte[]> call)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        context.Response.DeclareTrailer("grpc-message");
        try
        {
            var request = new MemoryStream();
            await context.Request.Body.CopyToAsync(request, context.RequestAborted);
            var path = context.Request.Path.Value ?? "";
            var message = request.GetBuffer().AsMemory(0, (int)request.Length)[Math.Min(PrefixLength, (int)request.Length)..];
            var answer = call(path, ProtoMessage.Read(message));
            var frame = new byte[PrefixLength + answer.Length];
            BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)answer.Length);
            answer.CopyTo(frame, PrefixLength);
            await context.Response.Body.WriteAsync(frame, context.RequestAborted);
            context.Response.AppendTrailer("grpc-status", "0");
        }
        catch (Exception e)
        {
            var status = e is GrpcException grpc ? grpc.Status : GrpcStatus.Internal;
            await Console.Error.WriteLineAsync($"{context.Request.Path}: {status}: {e.Message}");
            context.Response.AppendTrailer("grpc-status", ((int)status).ToString("D"));
            context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(e.Message));
        }
    }
}
