namespace Walle.CsiNode;

/// <summary>The status codes of gRPC that are used here.</summary>
internal enum GrpcStatus
{
    InvalidArgument = 3,
    NotFound = 5,
    Unimplemented = 12,
    Internal = 13,
}
