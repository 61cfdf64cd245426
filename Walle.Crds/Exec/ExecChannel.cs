namespace Walle.Crds.Exec;

/// <summary>Channels of the exec protocol (v4.channel.k8s.io and v5.channel.k8s.io): the first byte of each message.</summary>
public static class ExecChannel
{
    public const byte Stdin = 0;
    public const byte Stdout = 1;
    public const byte Stderr = 2;

    /// <summary>One metav1.Status at the end: how the command ended.</summary>
    public const byte Status = 3;
    public const byte Resize = 4;

    /// <summary>v5 only: the payload names a channel that is closed.</summary>
    public const byte Close = 255;
}
