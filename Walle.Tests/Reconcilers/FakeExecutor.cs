using System.Collections.Concurrent;
using System.Text;
using Walle.Controller.Exec;
using Walle.Crds.Exec;

namespace Walle.Tests.Reconcilers;

/// <summary>Commands in Pods, answered by the test.</summary>
internal sealed class FakeExecutor : IPodExecutor
{
    public static readonly ExecStatus Success = new(true, 0, null);

    public ConcurrentQueue<ExecRequest> Requests { get; } = [];

    /// <summary>The command's last word leads to how it ends.</summary>
    public ConcurrentDictionary<string, Func<CancellationToken, Task<ExecStatus>>> Answers { get; } = [];

    public string Output { get; set; } = "";

    public IReadOnlyList<string> Commands => [.. Requests.Select(request => $"{request.Pod}/{request.Container}: {request.Command[^1]}")];

    public async Task<ExecStatus> RunAsync(ExecRequest request, OutputTail output, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        output.Add(Encoding.UTF8.GetBytes(Output));
        return Answers.TryGetValue(request.Command[^1], out var answer) ? await answer(cancellationToken) : Success;
    }
}
