using System.Buffers.Binary;
using System.Globalization;

namespace KRaftSharp.Tests.Property.Simulation.Clock;

/// <summary>
/// What happened: a hash over every event, frame and write (two runs of a seed must agree in it), and the last lines of
/// a readable timeline for whoever has to understand a failure.
/// </summary>
internal sealed class SimTrace(int keptLines = 4000)
{
    private const ulong Prime = 0x9E3779B97F4A7C15UL;
    private readonly Queue<string> _lines = new();

    public ulong Hash { get; private set; } = 0xCBF29CE484222325UL;

    /// <summary>Lines written, kept or not.</summary>
    public long LineCount { get; private set; }

    public void Mix(long a, long b, long c)
    {
        Mix((ulong)a);
        Mix((ulong)b);
        Mix((ulong)c);
    }

    public void Mix(ReadOnlySpan<byte> bytes)
    {
        Mix((ulong)bytes.Length);
        while (bytes.Length >= sizeof(ulong))
        {
            Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte value in bytes)
        {
            Mix(value);
        }
    }

    public void Line(long nowTicks, string who, string what)
    {
        LineCount++;
        if (_lines.Count == keptLines)
        {
            _lines.Dequeue();
        }

        double seconds = nowTicks / (double)TimeSpan.TicksPerSecond;
        _lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{seconds,10:F4}  {who,-9} {what}"));
    }

    /// <summary>The last <paramref name="count"/> lines of the timeline.</summary>
    public string Tail(int count) => string.Join(Environment.NewLine, _lines.Skip(Math.Max(0, _lines.Count - count)));

    private void Mix(ulong value)
    {
        ulong mixed = (Hash ^ value) * Prime;
        Hash = mixed ^ (mixed >> 29);
    }
}
