using k8s.Models;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Restore;

/// <summary>One of the two things that a worker is made for in a restore.</summary>
/// <param name="Condition">The condition that tells of it.</param>
/// <param name="Doing">What is told while the worker runs.</param>
/// <param name="Attempt">The present attempt, from 1.</param>
/// <param name="Name">Of the Job, from the owner's UID and the attempt.</param>
/// <param name="Manifest">Of the Job, from the attempt and the seconds that it may run.</param>
/// <param name="SetAttempt">Announces the next attempt in the status.</param>
internal sealed record WorkStep(
    string Condition, string Doing, int Attempt, Func<string, int, string> Name, Func<int, long, V1Job> Manifest, Func<RestoreJobStatus, int, RestoreJobStatus> SetAttempt);
