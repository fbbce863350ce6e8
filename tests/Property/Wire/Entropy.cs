namespace KRaftSharp.Tests.Property.Wire;

/// <summary>Choices made by bytes that FsCheck draws and shrinks. When they run out every choice is 0, the simplest.
/// </summary>
internal sealed class Entropy(byte[] bytes)
{
    private int _next;

    public byte Byte() => _next < bytes.Length ? bytes[_next++] : (byte)0;

    public int Below(int limit) => Byte() % limit;

    public long Number(long least, long most) => Below(5) switch
    {
        0 => Math.Clamp(0, least, most),
        1 => least,
        2 => most,
        3 => Math.Clamp(Byte(), least, most),
        _ => Math.Clamp(Wide(), least, most),
    };

    public byte[] Bytes()
    {
        byte[] drawn = new byte[Below(4) == 3 ? 64 + Byte() : Below(6)];
        for (int i = 0; i < drawn.Length; i++)
        {
            drawn[i] = (byte)(Byte() + i);
        }

        return drawn;
    }

    private long Wide()
    {
        long value = 0;
        for (int i = 0; i < sizeof(long); i++)
        {
            value = (value << 8) | Byte();
        }

        return value >> (8 * Below(8));
    }
}
