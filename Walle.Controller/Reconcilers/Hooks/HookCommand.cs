using System.Globalization;
using k8s;
using Walle.Controller.Exec;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Hooks;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.Exec;

namespace Walle.Controller.Reconcilers.Hooks;

/// <summary>One command in one container, with an end: every way in which it can go wrong is a result, never an exception.</summary>
internal sealed class HookCommand(IKubernetes kubernetes, IPodExecutor executor, TimeProvider time)
{
    private const int LongestOutput = 8000;
    private const int LongestLastLine = 200;
    private const string DefaultAccount = "walle-system:walle-controller";

    public async Task<HookResult> RunAsync(string @namespace, HookTarget target)
    {
        using var timeout = new CancellationTokenSource(target.Timeout, time);
        var output = new OutputTail();
        Reason? reason = null;
        string? message = null;
        int? exitCode = null;
        try
        {
            if (await IsReplacedAsync(@namespace, target, timeout.Token))
            {
                (reason, message) = (Reason.PodReplaced, $"Pod {target.Pod} is gone or was replaced");
            }
            else
            {
                var status = await executor.RunAsync(new ExecRequest(@namespace, target.Pod, target.Container, target.Command), output, timeout.Token);
                exitCode = status.ExitCode;
                if (!status.Succeeded)
                    (reason, message) = (Reason.HookFailed, Failed(status, output));
            }
        }
        catch (OperationCanceledException)
        {
            (reason, message) = (Reason.HookTimedOut, $"it did not end within {Display.Duration(target.Timeout)} ({HookAnnotation.Timeout}) and may still be running in its container");
        }
        catch (ExecRefusedException refused) when (refused.StatusCode is ExecRefusedException.Forbidden or ExecRefusedException.Unauthorized)
        {
            (reason, message) = (Reason.HookForbidden, Forbidden(@namespace, refused.Message));
        }
        catch (ExecRefusedException refused)
        {
            (reason, message) = (refused.StatusCode == ExecRefusedException.NotFound ? Reason.PodReplaced : Reason.HookUnreachable, $"it was not started: {OutputText.Redact(refused.Message)}");
        }
#pragma warning disable CA1031 // Whatever the network or the library throws, the application may be frozen and somebody waits for the result.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var cause = ApiError.From(exception, timeout.Token)?.Message ?? exception.Message;
            (reason, message) = (Reason.HookUnreachable, exception is IOException ? exception.Message : cause);
        }

        return new HookResult(reason, message, exitCode, OutputText.Of(output.ToArray(), LongestOutput), output.TotalBytes, time.GetUtcNow());
    }

    /// <summary>The grant for this namespace; the account is the one that the API server refused.</summary>
    public static string Forbidden(string @namespace, string refusal)
    {
        const string Prefix = "system:serviceaccount:";
        var at = refusal.IndexOf(Prefix, StringComparison.Ordinal);
        var account = at < 0 ? DefaultAccount : new string([.. refusal.Skip(at + Prefix.Length).TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or ':')]);
        return $"Walle may not run commands in namespace {@namespace}; its administrator allows it with: kubectl -n {@namespace} create rolebinding walle-hooks --clusterrole={WellKnown.HooksClusterRole} --serviceaccount={account}";
    }

    /// <summary>By UID: a Pod of the same name is another application. The name alone is what an exec goes by, so this is asked at the last moment.</summary>
    private async Task<bool> IsReplacedAsync(string @namespace, HookTarget target, CancellationToken cancellationToken)
    {
        var pods = await kubernetes.CoreV1.ListNamespacedPodAsync(@namespace, fieldSelector: $"metadata.name={target.Pod}", cancellationToken: cancellationToken);
        return pods.Items.FirstOrDefault(pod => pod.Metadata.Name == target.Pod)?.Metadata.Uid != target.PodUid;
    }

    private static string Failed(ExecStatus status, OutputTail output)
    {
        var last = OutputText.Of(output.ToArray(), LongestLastLine).Split('\n')[^1];
        var how = status.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $"exit code {code}") : $"it could not be run: {OutputText.Redact(status.Message ?? "no reason given")}";
        return last.Length == 0 ? how : $"{how}: {last}";
    }
}
