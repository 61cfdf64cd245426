namespace Walle.Controller.Informers;

internal enum ReflectorDelay
{
    None,

    /// <summary>0.8 s to 30 s, or what the server asks for if that is longer.</summary>
    Exponential,

    /// <summary>5 s to 60 s: somebody has to install or to grant something first.</summary>
    Long,
}
