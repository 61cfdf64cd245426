using Walle.Crds;

namespace Walle.Worker.Exec;

/// <summary>What a worker says when it may not run commands: with the line that grants it.</summary>
internal static class ExecRights
{
    public static string Missing(string @namespace) =>
        $"ServiceAccount {WellKnown.DumpServiceAccount} may not run commands in namespace {@namespace}; its administrator allows it with: kubectl -n {@namespace} create rolebinding {WellKnown.DumpServiceAccount} --clusterrole={WellKnown.HooksClusterRole} --serviceaccount={@namespace}:{WellKnown.DumpServiceAccount}";
}
