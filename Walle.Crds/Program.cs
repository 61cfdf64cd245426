using Walle.Crds.Printing;

return PrintCommand.Run(args, Console.Out, Console.Error);
