using Walle.Crds.Contracts;

namespace Walle.Worker.Arguments;

/// <summary>What the verbs plan, restore and claims take besides.</summary>
internal sealed record RestoreArguments
{
    public string? Namespace { get; set; }
    public string? SourceHost { get; set; }
    public string? SourcePath { get; set; }
    public string? Snapshot { get; set; }
    public DateTimeOffset? AsOf { get; set; }
    public int? Previous { get; set; }
    public string Target { get; set; } = WorkerPaths.Target;
    public string? Owner { get; set; }
    public List<string> Includes { get; } = [];
    public string Overwrite { get; set; } = RestoreOptions.Never;
    public bool DeleteExtra { get; set; }
    public bool Verify { get; set; }
    public int LimitDownload { get; set; }
    public string VolumeRoot { get; set; } = WorkerPaths.VolumeRoot;
}
