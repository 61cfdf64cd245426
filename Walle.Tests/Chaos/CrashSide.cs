namespace Walle.Tests.Chaos;

/// <summary>What happens at a call that has an effect.</summary>
internal enum CrashSide
{
    /// <summary>SIGKILL of the controller before the server is asked.</summary>
    KilledBefore,

    /// <summary>SIGKILL of the controller when the server has done it.</summary>
    KilledAfter,

    /// <summary>The server has done it and the answer is lost; the controller lives.</summary>
    AnswerLost,
}
