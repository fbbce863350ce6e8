using System.Buffers.Binary;
using FsCheck;
using FsCheck.Xunit;
using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;
using KRaftSharp.Tests.Property.Log;

namespace KRaftSharp.Tests.Property.Transactions;

/// <summary>
/// One log with interleaved transactions, rolls, crashes and truncations: read_committed shows all of a transaction or
/// none of it, wherever a fetch starts, and the last stable offset stops at the first open transaction.
/// </summary>
public sealed class ReadCommittedTests
{
    /// <summary>Always the same histories; others by another <c>Replay</c>.</summary>
    [Property(MaxTest = 400, Replay = "8241733190257661029,11")]
    public void ReadCommitted_OverAnyHistory_ShowsAllOfATransactionOrNone(DoNotSize<ulong> seed) =>
        Assert.Null(new Run(seed.Item, PlantedFault.None).Tell());

    /// <summary>A restart from a snapshot that knew a transaction as ended, then its marker was truncated: it is open
    /// again.</summary>
    [Fact]
    public void TruncationOfAMarkerBelowTheSnapshot_OpensItsTransactionAgain() =>
        Assert.Null(new Run(16221155065159173301, PlantedFault.None).Tell());

    /// <summary>A flush under way wrote the aborted transactions of a segment that was dropped meanwhile, for the
    /// segment that took its name.</summary>
    [Fact]
    public void FlushAcrossATruncation_LeavesNoAbortedTransactions() =>
        Assert.Null(new Run(9450342752709638235, PlantedFault.None).Tell());

    [Theory]
    [InlineData(PlantedFault.StablePastAnOpenTransaction)]
    [InlineData(PlantedFault.AbortedIndexMissesAnEntry)]
    public void PlantedFault_IsFound(PlantedFault fault) => Assert.Contains(
        Enumerable.Range(0, 50), seed => new Run((ulong)seed, fault).Tell() is not null);

    private sealed class Run
    {
        private readonly Prng _chance;
        private readonly LogWorld _world;
        private readonly PlantedFault _fault;
        private readonly List<Entry> _entries = [];
        private readonly Dictionary<long, Producer> _producers = [];
        private int _number;

        public Run(ulong seed, PlantedFault fault)
        {
            _fault = fault;
            _chance = new Prng(seed);
            _world = new LogWorld(_chance.Fork(), new LogOptions
            {
                SegmentBytes = _chance.Between(300, 4000),
                IndexIntervalBytes = _chance.Below(400),
                FileDeleteDelayMs = 100,
            });
            _world.Open(isClean: true);
        }

        /// <summary>What went wrong; null when nothing did.</summary>
        public string? Tell()
        {
            int steps = _chance.Between(10, 120);
            for (int i = 0; i < steps; i++)
            {
                Step();
                if (_chance.Below(4) == 0 && Check() is { } broken)
                {
                    return $"step {i}: {broken}";
                }
            }

            return Check();
        }

        private void Step()
        {
            switch (_chance.Below(24))
            {
                case 0:
                    _world.Flush();
                    break;
                case 1:
                    Restart();
                    break;
                case 2:
                    Truncate();
                    break;
                case < 5:
                    Append(new Entry(-1, 0, ++_number, Ends: false), TransactionBatches.Data(_number, 1));
                    break;
                case < 16:
                    Produce(_chance.Between(1, 4));
                    break;
                default:
                    End(_chance.Between(1, 4), isCommit: _chance.Below(2) == 0);
                    break;
            }
        }

        private void Produce(long id)
        {
            Producer producer = _producers.GetValueOrDefault(id) ?? (_producers[id] = new Producer());
            int count = _chance.Between(1, 3);
            byte[] batch = TransactionBatches.Data(++_number, count, id, producer.Epoch, producer.Sequence);
            Append(new Entry(id, count - 1, _number, Ends: false), batch);
            producer.Sequence += count;
        }

        private void End(long id, bool isCommit)
        {
            Producer producer = _producers.GetValueOrDefault(id) ?? (_producers[id] = new Producer());
            Append(
                new Entry(id, 0, 0, Ends: true, isCommit),
                TransactionBatches.Marker(id, producer.Epoch, isCommit, coordinatorEpoch: 0));
        }

        private void Append(Entry entry, byte[] batch)
        {
            LogAppendResult result = default;
            _world.Do(() => result = _world.Log.AppendAsLeader(
                batch, 0, entry.Ends ? AppendOrigin.Coordinator : AppendOrigin.Client));
            Assert.Equal(ErrorCode.None, result.Error);
            _entries.Add(entry with { Offset = result.BaseOffset });
            _world.Do(() => _world.Log.SetHighWatermark(_world.Log.LogEndOffset));
        }

        private void Restart()
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
            _world.Do(() => _world.Log.SetHighWatermark(end));
            Assert.Equal(end, _world.Log.LogEndOffset);
        }

        /// <summary>What a new leader does not have goes; producers go on in a new epoch.</summary>
        private void Truncate()
        {
            if (_entries.Count == 0)
            {
                return;
            }

            int kept = Math.Max(0, _entries.Count - _chance.Between(1, 6));
            long offset = _entries[kept].Offset;
            _world.Do(() => _world.Log.TruncateTo(offset));
            Assert.Equal(offset, _world.Log.LogEndOffset);
            _entries.RemoveRange(kept, _entries.Count - kept);
            foreach (Producer producer in _producers.Values)
            {
                producer.Epoch++;
                producer.Sequence = 0;
            }
        }

        private string? Check()
        {
            (List<(long Offset, int Number)> expected, long stable) = Expected();
            if (_fault == PlantedFault.None && _world.Log.LastStableOffset != stable)
            {
                return $"the last stable offset is {_world.Log.LastStableOffset}, not {stable}";
            }

            if (_world.Log.LastStableOffset > _world.Log.HighWatermark)
            {
                return $"the last stable offset {_world.Log.LastStableOffset} is beyond the high watermark";
            }

            for (int i = 0; i < 4; i++)
            {
                long start = i == 0 ? 0 : _chance.Below((int)_world.Log.LogEndOffset + 1);
                int maxBytes = _chance.Below(2) == 0 ? _chance.Between(1, 600) : int.MaxValue;
                List<(long Offset, int Number)> seen = Read(start, maxBytes);
                if (!seen.SequenceEqual(expected.Where(record => record.Offset >= start)))
                {
                    return $"from {start} a consumer sees {string.Join(' ', seen)}, not {string.Join(' ', expected)}";
                }
            }

            return null;
        }

        private List<(long Offset, int Number)> Read(long start, int maxBytes) => CommittedReader.Read(
            _world.Log, start, maxBytes,
            static record => (record.Offset, BinaryPrimitives.ReadInt32BigEndian(record.Value)),
            _fault == PlantedFault.StablePastAnOpenTransaction
                ? _world.Log.HighWatermark
                : _world.Log.LastStableOffset,
            aborted => _fault == PlantedFault.AbortedIndexMissesAnEntry ? [.. aborted.SkipLast(1)] : aborted);

        /// <summary>By looking at every marker.</summary>
        private (List<(long Offset, int Number)> Seen, long Stable) Expected()
        {
            Dictionary<long, List<Entry>> open = [];
            HashSet<Entry> hidden = [];
            foreach (Entry entry in _entries.Where(static entry => entry.Producer >= 0))
            {
                if (!entry.Ends)
                {
                    if (!open.TryGetValue(entry.Producer, out List<Entry>? mine))
                    {
                        open[entry.Producer] = mine = [];
                    }

                    mine.Add(entry);
                }
                else if (open.Remove(entry.Producer, out List<Entry>? ended) && !entry.IsCommit)
                {
                    hidden.UnionWith(ended);
                }
            }

            long stable = open.Values.Select(static entries => entries[0].Offset)
                .Append(_world.Log.LogEndOffset).Min();
            List<(long Offset, int Number)> seen = [];
            foreach (Entry entry in _entries)
            {
                if (!entry.Ends && !hidden.Contains(entry) && entry.Offset < stable)
                {
                    for (int i = 0; i <= entry.LastDelta; i++)
                    {
                        seen.Add((entry.Offset + i, entry.Number));
                    }
                }
            }

            return (seen, stable);
        }

        private sealed class Producer
        {
            public short Epoch { get; set; }

            public int Sequence { get; set; }
        }

        private sealed record Entry(
            long Producer, int LastDelta, int Number, bool Ends, bool IsCommit = false, long Offset = -1);
    }
}
