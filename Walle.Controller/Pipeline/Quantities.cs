using k8s.Models;

namespace Walle.Controller.Pipeline;

/// <summary>Compares resource quantities, which are written in many ways ("1Gi", "1024Mi").</summary>
internal static class Quantities
{
    /// <summary>The larger of two; one that is null or cannot be read does not count. Null when neither counts.</summary>
    public static string? Larger(string? left, string? right)
    {
        var (leftBytes, rightBytes) = (Bytes(left), Bytes(right));
        return rightBytes is null || leftBytes >= rightBytes ? leftBytes is null ? null : left : right;
    }

    public static bool IsValid(string quantity) => Bytes(quantity) is not null;

    public static bool IsBelow(string quantity, long bytes) => Bytes(quantity) < bytes;

    private static decimal? Bytes(string? quantity)
    {
        try
        {
            return string.IsNullOrEmpty(quantity) ? null : new ResourceQuantity(quantity).ToDecimal();
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException)
        {
            return null;
        }
    }
}
