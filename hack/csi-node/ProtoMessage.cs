using System.Text;

namespace Walle.CsiNode;

/// <summary>As much of protobuf as CSI's node calls need: varints, strings and nested messages that nobody looks into.</summary>
internal static class ProtoMessage
{
    public static List<ProtoField> Read(ReadOnlyMemory<byte> message)
    {
        var fields = new List<ProtoField>();
        var at = 0;
        while (at < message.Length)
        {
            var key = ReadVarint(message.Span, ref at);
            var number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    fields.Add(new ProtoField(number, ReadVarint(message.Span, ref at), default));
                    break;
                case 2:
                    var length = (int)ReadVarint(message.Span, ref at);
                    fields.Add(new ProtoField(number, 0, message.Slice(at, length)));
                    at += length;
                    break;
                case 1:
                    at += 8;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"protobuf wire type {key & 7} in field {number}");
            }
        }

        return fields;
    }

    public static string Text(this List<ProtoField> fields, int number) =>
        Encoding.UTF8.GetString(fields.LastOrDefault(field => field.Number == number).Bytes.Span);

    public static bool Flag(this List<ProtoField> fields, int number) => fields.LastOrDefault(field => field.Number == number).Value != 0;

    public static byte[] Write(params (int Number, string Text)[] fields)
    {
        var message = new MemoryStream();
        foreach (var (number, text) in fields)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            WriteVarint(message, (ulong)((number << 3) | 2));
            WriteVarint(message, (ulong)bytes.Length);
            message.Write(bytes);
        }

        return message.ToArray();
    }

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }

    private static void WriteVarint(MemoryStream target, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            target.WriteByte((byte)(value | 0x80));
        target.WriteByte((byte)value);
    }
}
