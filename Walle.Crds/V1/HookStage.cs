namespace Walle.Crds.V1;

/// <summary>When a hook runs.</summary>
public static class HookStage
{
    public const string Before = "Before";
    public const string After = "After";
}
