namespace Walle.CsiNode;

/// <summary>One field of a protobuf message: a number, or bytes.</summary>
internal readonly record struct ProtoField(int Number, ulong Value, ReadOnlyMemory<byte> Bytes);
