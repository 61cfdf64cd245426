namespace Walle.Controller.Hosting;

/// <summary>The controller cannot start as it is configured: one line for each fault, with the option and the fix. Exit code 2.</summary>
internal sealed class InvalidOptionsException(IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    public IReadOnlyList<string> Faults => faults;
}
