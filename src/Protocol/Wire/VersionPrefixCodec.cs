using System.Buffers.Binary;

namespace KRaftSharp.Protocol;

/// <summary>A message with its version in front, an int16: values of coordinator records, and what members of a group
/// send each other.</summary>
public static class VersionPrefixCodec
{
    public static byte[] Encode(IMessage message, short version)
    {
        byte[] bytes = new byte[sizeof(short) + MessageCodec.SizeOf(message, version)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, version);
        MessageCodec.Write(message, version, bytes.AsSpan(sizeof(short)));
        return bytes;
    }

    /// <summary>Fills <paramref name="message"/>. Bytes behind it are an error.</summary>
    public static bool TryDecode(
        ReadOnlyMemory<byte> bytes, IMessage message, out short version, out WireError error)
    {
        var reader = new WireReader(bytes);
        version = reader.ReadInt16();
        if (reader.HasError)
        {
            error = reader.Error;
            return false;
        }

        return MessageCodec.TryRead(ref reader, version, message, out error);
    }

    /// <summary>Fills <paramref name="message"/> from whatever version: a newer one is read as the newest that is
    /// known, and what it adds at the end is left.</summary>
    public static bool TryDecodeLenient(
        ReadOnlyMemory<byte> bytes, IMessage message, out short version, out WireError error)
    {
        var reader = new WireReader(bytes);
        version = reader.ReadInt16();
        if (version < message.LowestVersion)
        {
            reader.Fail(WireFault.UnsupportedVersion);
        }

        message.Read(ref reader, Math.Clamp(version, message.LowestVersion, message.HighestVersion));
        error = reader.Error;
        return !reader.HasError;
    }
}
