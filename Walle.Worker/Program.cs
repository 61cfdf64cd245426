using Walle.Worker;

return await new WorkerProgram(System.Environment.GetEnvironmentVariable, Console.Out, Console.Error, TimeProvider.System).RunAsync(args);
