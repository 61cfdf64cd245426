namespace Walle.Crds.Exec;

/// <summary>What one piece of a message carried for the reader. The memory is the caller's own: to be used before the next piece is read into it.</summary>
/// <param name="Channel"><see cref="ExecChannel.Stdout"/> or <see cref="ExecChannel.Stderr"/>; without data, any.</param>
/// <param name="Data">Empty when the piece carried nothing for the reader.</param>
public readonly record struct ExecFrame(byte Channel, ReadOnlyMemory<byte> Data);
