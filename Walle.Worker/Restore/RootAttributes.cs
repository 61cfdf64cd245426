using System.Globalization;

namespace Walle.Worker.Restore;

/// <summary>
/// Mode, owner and time of a volume's root. `restic backup .` saves what is in the folder and not the folder, so they go into a tag and come back from it.
/// </summary>
internal sealed record RootAttributes(int Mode, uint User, uint Group, long Seconds, uint Nanoseconds)
{
    private const int PermissionBits = 0xFFF;

    /// <returns>Null when the system does not tell.</returns>
    public static RootAttributes? Read(string folder) => NativeFile.Status(folder) is { } status
        ? new RootAttributes(status.Mode & PermissionBits, status.User, status.Group, status.Seconds, status.Nanoseconds)
        : null;

    /// <returns>Null when it is not what <see cref="ToString"/> writes.</returns>
    public static RootAttributes? Parse(string? text)
    {
        if (text?.Split(':') is not [var mode, var user, var group, var time] || time.Split('.') is not [var seconds, var nanoseconds] || nanoseconds.Length != 9)
            return null;
        const NumberStyles Digits = NumberStyles.None;
        var culture = CultureInfo.InvariantCulture;
        return uint.TryParse(user, Digits, culture, out var uid) && uint.TryParse(group, Digits, culture, out var gid)
            && long.TryParse(seconds, NumberStyles.AllowLeadingSign, culture, out var whole) && uint.TryParse(nanoseconds, Digits, culture, out var fraction)
            && mode.Length is > 0 and <= 4 && mode.All(digit => digit is >= '0' and <= '7')
            ? new RootAttributes(Convert.ToInt32(mode, 8), uid, gid, whole, fraction)
            : null;
    }

    /// <summary>As the user that the worker is: without root the owner stays. The time comes last, as the others change nothing of it but a write would.</summary>
    /// <returns>What could not be set, or null.</returns>
    public string? Apply(string folder)
    {
        var owned = NativeFile.ChangeOwner(folder, User, Group) || !NativeFile.IsRoot;
        // After the owner: a change of owner takes setgid away.
        var mode = NativeFile.ChangeMode(folder, Mode) || !NativeFile.IsRoot;
        var time = NativeFile.ChangeTime(folder, Seconds, Nanoseconds) || !NativeFile.IsRoot;
        return owned && mode && time ? null : string.Join(", ", new[] { owned ? null : "owner", mode ? null : "mode", time ? null : "time" }.OfType<string>());
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Convert.ToString(Mode, 8).PadLeft(4, '0')}:{User}:{Group}:{Seconds}.{Nanoseconds:000000000}");
}
