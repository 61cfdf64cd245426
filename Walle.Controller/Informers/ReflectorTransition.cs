namespace Walle.Controller.Informers;

/// <param name="Emit">What the store is told.</param>
/// <param name="Delay">How long to wait before the next step.</param>
internal readonly record struct ReflectorTransition(ReflectorState Next, ReflectorEmit Emit = ReflectorEmit.Nothing, ReflectorDelay Delay = ReflectorDelay.None);
