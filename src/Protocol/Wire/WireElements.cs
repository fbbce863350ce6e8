using System.Text.Json;

namespace KRaftSharp.Protocol;

internal readonly struct SByteElement : IWireElement<sbyte>
{
    public static int LeastBytes(bool compact) => sizeof(sbyte);

    public static sbyte Read(ref WireReader reader, bool compact) => reader.ReadInt8();

    public static void Write(ref WireWriter writer, sbyte value, bool compact) => writer.WriteInt8(value);

    public static void AddSize(ref WireSizer sizer, sbyte value, bool compact) => sizer.Add(sizeof(sbyte));

    public static void WriteJson(Utf8JsonWriter json, sbyte value) => json.WriteNumberValue(value);
}

internal readonly struct ShortElement : IWireElement<short>
{
    public static int LeastBytes(bool compact) => sizeof(short);

    public static short Read(ref WireReader reader, bool compact) => reader.ReadInt16();

    public static void Write(ref WireWriter writer, short value, bool compact) => writer.WriteInt16(value);

    public static void AddSize(ref WireSizer sizer, short value, bool compact) => sizer.Add(sizeof(short));

    public static void WriteJson(Utf8JsonWriter json, short value) => json.WriteNumberValue(value);
}

internal readonly struct IntElement : IWireElement<int>
{
    public static int LeastBytes(bool compact) => sizeof(int);

    public static int Read(ref WireReader reader, bool compact) => reader.ReadInt32();

    public static void Write(ref WireWriter writer, int value, bool compact) => writer.WriteInt32(value);

    public static void AddSize(ref WireSizer sizer, int value, bool compact) => sizer.Add(sizeof(int));

    public static void WriteJson(Utf8JsonWriter json, int value) => json.WriteNumberValue(value);
}

internal readonly struct LongElement : IWireElement<long>
{
    public static int LeastBytes(bool compact) => sizeof(long);

    public static long Read(ref WireReader reader, bool compact) => reader.ReadInt64();

    public static void Write(ref WireWriter writer, long value, bool compact) => writer.WriteInt64(value);

    public static void AddSize(ref WireSizer sizer, long value, bool compact) => sizer.Add(sizeof(long));

    public static void WriteJson(Utf8JsonWriter json, long value) => json.WriteNumberValue(value);
}

internal readonly struct StringElement : IWireElement<string>
{
    public static int LeastBytes(bool compact) => compact ? 1 : sizeof(short);

    public static string Read(ref WireReader reader, bool compact) => reader.ReadString(compact);

    public static void Write(ref WireWriter writer, string value, bool compact) => writer.WriteString(value, compact);

    public static void AddSize(ref WireSizer sizer, string value, bool compact) => sizer.AddString(value, compact);

    public static void WriteJson(Utf8JsonWriter json, string value) => json.WriteStringValue(value);
}

internal readonly struct UuidElement : IWireElement<Uuid>
{
    public static int LeastBytes(bool compact) => Uuid.Size;

    public static Uuid Read(ref WireReader reader, bool compact) => reader.ReadUuid();

    public static void Write(ref WireWriter writer, Uuid value, bool compact) => writer.WriteUuid(value);

    public static void AddSize(ref WireSizer sizer, Uuid value, bool compact) => sizer.Add(Uuid.Size);

    public static void WriteJson(Utf8JsonWriter json, Uuid value) => json.WriteStringValue(value.ToString());
}
