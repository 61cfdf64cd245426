using Walle.Worker.Retention;

namespace Walle.Worker.Arguments;

/// <summary>What the verbs prune and check are told.</summary>
internal sealed record MaintenanceArguments
{
    public string? Schedule { get; set; }
    public KeepPolicy Policy { get; } = new();
    public int MinKeep { get; set; } = 1;
    public bool Released { get; set; }
    public List<string> Expected { get; } = [];
    public string? MaxUnused { get; set; }
    public string? MaxRepackSize { get; set; }
    public string? ReadDataSubset { get; set; }
}
