using Walle.Crds.Contracts;
using Walle.Worker;
using Walle.Worker.Exec;

return args is [WorkerVerb.ExecStream, ..]
    ? await new ExecStreamProgram(TimeProvider.System).RunAsync(args)
    : await new WorkerProgram(System.Environment.GetEnvironmentVariable, Console.Out, Console.Error, TimeProvider.System).RunAsync(args);
