using Walle.Crds.Printing;

namespace Walle.Crds;

/// <summary>Named, since ILLink.Substitutions.xml names it.</summary>
internal static class Program
{
    public static int Main(string[] arguments) => PrintCommand.Run(arguments, Console.Out, Console.Error);
}
