using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.Exec;

namespace Walle.Worker.Exec;

/// <summary>
/// A command must not be started twice, and the Job controller may replace a Pod that was deleted. So the controller writes down which Pod may start it
/// (status.commandWorker) before any Pod does, and never another one.
/// </summary>
internal sealed class CommandLeave(ClusterConnection connection, Uri server, string @namespace, string owner, string podUid, TimeProvider time)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    // The controller gives leave when it sees the worker run; a restart of it takes less.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <exception cref="WorkerException">This worker may not start the command.</exception>
    public async Task AwaitAsync(CancellationToken stop)
    {
        var parts = owner.Split('/');
        var started = time.GetTimestamp();
        while (true)
        {
            var (code, uid, worker) = await connection.CommandWorkerAsync(server, @namespace, parts[1], stop);
            switch (code)
            {
                case 200 when uid != parts[2]:
                case ExecRefusedException.NotFound:
                    throw Refused(Reason.Cancelled, "the RestoreJob is gone");
                case 200 when worker == podUid:
                    return;
                case 200 when worker is not null:
                    throw Refused(Reason.PodReplaced, "another worker of this RestoreJob may have started the command");
                case ExecRefusedException.Forbidden:
                    throw Refused(Reason.HookForbidden, $"ClusterRole {WellKnown.HooksClusterRole} does not let ServiceAccount {WellKnown.DumpServiceAccount} read RestoreJobs; apply the manifests of this version of Walle again");
            }

            if (time.GetElapsedTime(started) > Patience)
                throw Refused(Reason.HookUnreachable, $"the controller gave no leave to start the command (the API server answered {code})");
            await Task.Delay(LookAgain, time, stop);
        }
    }

    private static WorkerException Refused(Reason reason, string message) => new(reason, WorkerExitCode.Failure, message);
}
