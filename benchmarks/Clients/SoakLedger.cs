using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using KRaftSharp.Client;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Producer;

namespace KRaftSharp.Benchmarks.Clients;

/// <summary>What was acknowledged to the producers of one topic, and what the groups have read of it.</summary>
internal sealed class SoakLedger(Acks acks)
{
    private readonly ConcurrentDictionary<long, bool> _acknowledged = [];
    private readonly ConcurrentDictionary<(string Group, int Partition, long Offset), (string Key, long Number)> _read =
        [];

    private long _failed;

    public Acks Acks => acks;

    public long Acknowledged => _acknowledged.Count;

    /// <summary>Sends that were given up, whose records may be there all the same.</summary>
    public long Failed => Volatile.Read(ref _failed);

    public static byte[] ValueOf(long number, string line) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number}\t{line}"));

    public void Done(long number, KafkaException? error)
    {
        if (error is null)
        {
            _acknowledged[number] = true;
        }
        else
        {
            Interlocked.Increment(ref _failed);
        }
    }

    public void Read(string group, ConsumerRecord record)
    {
        ReadOnlySpan<byte> value = record.Value!.Value.Span;
        long number = long.Parse(value[..value.IndexOf((byte)'\t')], CultureInfo.InvariantCulture);
        _read[(group, record.Partition, record.Offset)] = (Encoding.UTF8.GetString(record.Key!.Value.Span), number);
    }

    /// <summary>Acknowledged and not read by a group, so far.</summary>
    public long Missing(string group)
    {
        HashSet<long> read = [.. _read.Where(entry => entry.Key.Group == group).Select(entry => entry.Value.Number)];
        return _acknowledged.Keys.Count(number => !read.Contains(number));
    }

    /// <summary>Records that stand in the log more than once.</summary>
    public long Twice(string group) => InOrder(group).GroupBy(entry => entry.Number)
        .Sum(number => (long)number.Count() - 1);

    /// <summary>Records that stand behind a later one of their key.</summary>
    public long OutOfOrder(string group)
    {
        Dictionary<string, long> last = [];
        HashSet<long> seen = [];
        long count = 0;
        foreach ((string key, long number) in InOrder(group).Where(entry => seen.Add(entry.Number)))
        {
            count += number < last.GetValueOrDefault(key, -1) ? 1 : 0;
            last[key] = Math.Max(number, last.GetValueOrDefault(key, -1));
        }

        return count;
    }

    private IEnumerable<(string Key, long Number)> InOrder(string group) => _read
        .Where(entry => entry.Key.Group == group)
        .OrderBy(entry => entry.Key.Partition).ThenBy(entry => entry.Key.Offset).Select(entry => entry.Value);
}
