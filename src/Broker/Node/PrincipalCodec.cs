using System.Buffers.Binary;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Node;

/// <summary>A principal as Envelope carries it: the data's version in two bytes, then the data.</summary>
internal static class PrincipalCodec
{
    private const short Version = 0;

    public static byte[] Encode(string type, string name)
    {
        DefaultPrincipalData data = new() { Type = type, Name = name };
        WireSizer sizer = default;
        data.AddSize(ref sizer, Version);
        byte[] bytes = new byte[sizeof(short) + sizer.Total];
        BinaryPrimitives.WriteInt16BigEndian(bytes, Version);
        WireWriter writer = new(bytes.AsSpan(sizeof(short)));
        data.Write(ref writer, Version);
        return bytes;
    }

    /// <summary>Null when the bytes make no sense.</summary>
    public static string? Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < sizeof(short) || BinaryPrimitives.ReadInt16BigEndian(bytes.Span) != Version)
        {
            return null;
        }

        DefaultPrincipalData data = new();
        WireReader reader = new(bytes[sizeof(short)..]);
        data.Read(ref reader, Version);
        return reader.HasError ? null : $"{data.Type}:{data.Name}";
    }
}
