using FsCheck;
using FsCheck.Xunit;
using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Tests.Property.Log;

namespace KRaftSharp.Tests.Property.Transactions;

/// <summary>
/// Idempotent producers over one log that restarts in any way: one offset for a producer id, epoch and sequence; a
/// retry returns the original offset; a gap is OUT_OF_ORDER_SEQUENCE_NUMBER; a lower epoch is fenced.
/// </summary>
public sealed class IdempotenceTests
{
    /// <summary>Always the same histories; others by another <c>Replay</c>.</summary>
    [Property(MaxTest = 150, Replay = "6912045570314429861,17")]
    public void Idempotence_OverAnyHistory_GivesOneOffsetToASequence(DoNotSize<ulong> seed) =>
        Assert.Null(new Run(seed.Item, forgetsOnRestart: false).Tell());

    /// <summary>The check can fail: a log that comes back without its producers takes a retry for something new.
    /// </summary>
    [Fact]
    public void LogThatForgetsItsProducers_IsFound() => Assert.Contains(
        Enumerable.Range(0, 50), seed => new Run((ulong)seed, forgetsOnRestart: true).Tell() is not null);

    private sealed class Run
    {
        private const int Kept = 5;

        private readonly Prng _chance;
        private readonly LogWorld _world;
        private readonly bool _forgetsOnRestart;
        private readonly Dictionary<long, Producer> _producers = [];

        public Run(ulong seed, bool forgetsOnRestart)
        {
            _chance = new Prng(seed);
            _forgetsOnRestart = forgetsOnRestart;
            _world = new LogWorld(_chance.Fork(), new LogOptions { SegmentBytes = _chance.Between(300, 3000) });
            _world.Open(isClean: true);
        }

        /// <summary>What went wrong; null when nothing did.</summary>
        public string? Tell()
        {
            for (int i = 0; i < 80; i++)
            {
                long id = _chance.Between(1, 3);
                if (!_producers.TryGetValue(id, out Producer? producer))
                {
                    _producers[id] = producer = new Producer(id);
                }

                string? broken = _chance.Below(12) switch
                {
                    0 => Restart(),
                    1 => Bump(producer),
                    2 => Stale(producer),
                    3 => Gap(producer),
                    < 7 => Retry(producer),
                    _ => Next(producer),
                };
                if (broken is not null)
                {
                    return $"step {i}, {producer}: {broken}";
                }
            }

            return null;
        }

        private string? Next(Producer producer)
        {
            int count = _chance.Between(1, 4);
            long expected = _world.Log.LogEndOffset;
            LogAppendResult result = Append(producer, producer.Epoch, producer.Sequence, count);
            if (result.Error != ErrorCode.None || result.BaseOffset != expected || result.IsDuplicate)
            {
                return $"the next sequence is answered {result.Error} at {result.BaseOffset}, not {expected}";
            }

            producer.Sent.Add((producer.Sequence, count, expected));
            producer.Sequence += count;
            return null;
        }

        private string? Retry(Producer producer)
        {
            if (producer.Sent.Count == 0)
            {
                return null;
            }

            int age = _chance.Below(Math.Min(Kept, producer.Sent.Count));
            (int sequence, int count, long offset) = producer.Sent[^(age + 1)];
            long end = _world.Log.LogEndOffset;
            LogAppendResult result = Append(producer, producer.Epoch, sequence, count);
            return result.Error == ErrorCode.None && result.BaseOffset == offset && _world.Log.LogEndOffset == end
                ? null
                : $"a retry is answered {result.Error} at {result.BaseOffset}, not {offset}";
        }

        private string? Gap(Producer producer)
        {
            if (producer.Sent.Count == 0)
            {
                return null;
            }

            ErrorCode error = Append(producer, producer.Epoch, producer.Sequence + _chance.Between(1, 9), 1).Error;
            return error == ErrorCode.OutOfOrderSequenceNumber ? null : $"a gap is answered {error}";
        }

        private string? Stale(Producer producer)
        {
            if (producer.Epoch == 0 || producer.Sent.Count == 0)
            {
                return null;
            }

            ErrorCode error = Append(producer, (short)(producer.Epoch - 1), _chance.Below(20), 1).Error;
            return error == ErrorCode.InvalidProducerEpoch ? null : $"a lower epoch is answered {error}";
        }

        private static string? Bump(Producer producer)
        {
            producer.Epoch++;
            producer.Sequence = 0;
            producer.Sent.Clear();
            return null;
        }

        private string? Restart()
        {
            long recoveryPoint = _world.Log.RecoveryPoint;
            long end = _world.Log.LogEndOffset;
            bool isClean = _chance.Below(2) == 0;
            if (isClean)
            {
                _world.Close();
            }
            else
            {
                _world.KillProcess();
            }

            _world.Open(isClean, isClean ? end : recoveryPoint, highWatermark: end);
            if (_forgetsOnRestart)
            {
                _world.Do(() => _world.Log.TruncateFullyAndStartAt(end));
            }

            return _world.Log.LogEndOffset == end ? null : $"the log ends at {_world.Log.LogEndOffset}, not {end}";
        }

        private LogAppendResult Append(Producer producer, short epoch, int sequence, int count)
        {
            byte[] batch = TransactionBatches.Data(
                1, count, producer.Id, epoch, sequence, isTransactional: false, _world.NowMs);
            LogAppendResult result = default;
            _world.Do(() => result = _world.Log.AppendAsLeader(batch, 0));
            _world.Do(() => _world.Log.SetHighWatermark(_world.Log.LogEndOffset));
            return result;
        }
    }

    private sealed record Producer(long Id)
    {
        public short Epoch { get; set; }

        public int Sequence { get; set; }

        /// <summary>Of this epoch.</summary>
        public List<(int Sequence, int Count, long Offset)> Sent { get; } = [];
    }
}
