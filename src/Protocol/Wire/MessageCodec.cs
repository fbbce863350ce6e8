namespace KRaftSharp.Protocol;

/// <summary>A message alone: no header, no size, no version.</summary>
public static class MessageCodec
{
    /// <summary>The bytes that <paramref name="message"/> takes.</summary>
    public static int SizeOf(IMessage message, short version)
    {
        var sizer = new WireSizer();
        message.AddSize(ref sizer, version);
        return sizer.Total;
    }

    /// <summary>Writes into the start of <paramref name="target"/> and gives the number of bytes.</summary>
    public static int Write(IMessage message, short version, Span<byte> target)
    {
        var writer = new WireWriter(target);
        message.Write(ref writer, version);
        return writer.Position;
    }

    public static byte[] Encode(IMessage message, short version)
    {
        byte[] bytes = new byte[SizeOf(message, version)];
        Write(message, version, bytes);
        return bytes;
    }

    /// <summary>Fills <paramref name="message"/>; bytes behind it are an error. Byte fields stay slices of
    /// <paramref name="bytes"/>.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> bytes, short version, IMessage message, out WireError error)
    {
        var reader = new WireReader(bytes);
        return TryRead(ref reader, version, message, out error);
    }

    /// <summary>Reads what is left of <paramref name="reader"/>, all of it.</summary>
    internal static bool TryRead(ref WireReader reader, short version, IMessage message, out WireError error)
    {
        if (version < message.LowestVersion || version > message.HighestVersion)
        {
            reader.Fail(WireFault.UnsupportedVersion);
        }
        else
        {
            message.Read(ref reader, version);
            if (reader.Remaining > 0)
            {
                reader.Fail(WireFault.TrailingBytes);
            }
        }

        error = reader.Error;
        return !reader.HasError;
    }
}
