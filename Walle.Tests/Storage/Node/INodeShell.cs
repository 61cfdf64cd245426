namespace Walle.Tests.Storage;

/// <summary>What the double needs of the node: commands in the mount namespace that kubelet mounts in, and files brought there.</summary>
public interface INodeShell
{
    /// <summary>The standard output; throws with standard error where the command fails.</summary>
    Task<string> RunAsync(params string[] argv);

    /// <summary>Copies a program of this machine into the node.</summary>
    Task CopyProgramAsync(string hostPath, string nodePath);
}
