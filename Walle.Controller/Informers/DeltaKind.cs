namespace Walle.Controller.Informers;

internal enum DeltaKind
{
    Replaced,
    Applied,
    Deleted,
    Absent,
}
