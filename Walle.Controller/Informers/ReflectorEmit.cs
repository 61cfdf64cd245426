namespace Walle.Controller.Informers;

internal enum ReflectorEmit
{
    Nothing,
    Replaced,
    Applied,
    Deleted,
    Absent,
}
