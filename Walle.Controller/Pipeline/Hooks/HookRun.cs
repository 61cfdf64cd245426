namespace Walle.Controller.Pipeline.Hooks;

/// <summary>One start of a hook.</summary>
/// <param name="Key">Round, name and attempt: what it is known by, so that it is never started twice.</param>
/// <param name="IsThaw">An after-hook: it never waits behind before-hooks.</param>
internal sealed record HookRun(string Key, HookTarget Target, bool IsThaw);
