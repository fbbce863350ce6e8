using FsCheck;
using FsCheck.Xunit;
using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Log;

/// <summary>Any sequence of operations and restarts leaves a log that a list of batches agrees with.</summary>
public sealed class LogOperationsTests
{
    [Property(MaxTest = 60)]
    public void AnyOperations_LeaveWhatAListHolds(DoNotSize<ulong> seed)
    {
        var run = new Run(new Prng(seed.Item));
        int steps = run.Chance.Below(150);
        for (int i = 0; i < steps; i++)
        {
            run.Step();
        }

        run.Check();
    }

    /// <summary>One log with its model, and what its producers believe.</summary>
    private sealed class Run
    {
        private readonly LogWorld _world;
        private readonly LogModel _model = new();
        private readonly Dictionary<long, Producer> _producers = [];
        private int _epoch;

        public Run(Prng chance)
        {
            Chance = chance;
            _world = new LogWorld(chance.Fork(), new LogOptions
            {
                SegmentBytes = 12_000,
                IndexIntervalBytes = chance.Between(0, 500),
                RetentionMs = 1500,
                SegmentMs = 5000,
                FileDeleteDelayMs = 100,
            });
            _world.Open(isClean: true);
        }

        public Prng Chance { get; }

        public void Step()
        {
            _world.Wait(Chance.Below(30));
            switch (Chance.Below(20))
            {
                case 0:
                    Restart();
                    break;
                case 1:
                    Truncate();
                    break;
                case 2:
                    AdvanceStart();
                    break;
                case 3:
                    _world.Do(() => _world.Log.SetHighWatermark(_model.End));
                    _world.Do(() => _world.Log.ApplyRetention(_world.NowMs));
                    FollowStart();
                    break;
                case 4:
                    Check();
                    break;
                case 5 or 6:
                    Follow();
                    break;
                case 7:
                    _world.Do(() => _world.Log.Roll());
                    break;
                default:
                    Produce();
                    break;
            }
        }

        public void Check() => _model.Check(_world.Log, Chance);

        private void Restart()
        {
            bool isClean = Chance.Below(2) == 0;
            long recoveryPoint = _world.Log.RecoveryPoint;
            if (isClean)
            {
                _world.Close();
            }
            else
            {
                _world.KillProcess();
            }

            _world.Open(isClean, Chance.Below(2) == 0 ? recoveryPoint : 0, _model.Start, _model.End);
            _model.Check(_world.Log, Chance);
        }

        private void Truncate()
        {
            _epoch++;
            long to = _model.End - Chance.Below((int)Math.Min(40, _model.End - _model.Start + 1));
            _world.Do(() => _world.Log.TruncateTo(to));
            _model.TruncateTo(to);
            foreach (Producer producer in _producers.Values)
            {
                producer.Forget(_model.End);
            }
        }

        private void AdvanceStart()
        {
            int length = (int)(_model.End - _model.Start);
            long highWatermark = _model.Start + Chance.Below(length + 1);
            long to = _model.Start - 5 + Chance.Below(length + 10);
            bool mayMove = to > _model.Start && to <= highWatermark;
            long expected = mayMove ? to : _model.Start;
            bool moved = false;
            _world.Do(() => _world.Log.SetHighWatermark(highWatermark));
            _world.Do(() => moved = _world.Log.AdvanceLogStartOffset(to));
            FollowStart();
            Assert.Equal((mayMove, expected), (moved, _model.Start));
            _world.Do(() => _world.Log.SetHighWatermark(_model.End));
        }

        /// <summary>The log start only moves forward, and never beyond the high watermark.</summary>
        private void FollowStart()
        {
            long start = _world.Log.LogStartOffset;
            Assert.InRange(start, _model.Start, _model.End);
            _model.Start = start;
        }

        private void Follow()
        {
            List<byte> bytes = [];
            int count = Chance.Between(1, 5);
            for (int i = 0; i < count; i++)
            {
                byte[] batch = LogModel.MakeBatch(Chance, _world.NowMs, -1, -1, -1);
                RecordBatchMutator.SetBaseOffset(batch, _model.End);
                RecordBatchMutator.SetPartitionLeaderEpoch(batch, _epoch);
                _model.Add(batch);
                bytes.AddRange(batch);
            }

            byte[] all = [.. bytes, .. bytes.Take(Chance.Below(20))];
            LogAppendResult result = default;
            _world.Do(() => result = _world.Log.AppendAsFollower(all));
            Assert.Equal(ErrorCode.None, result.Error);
            Assert.Equal(_model.End - 1, result.LastOffset);
        }

        private void Produce()
        {
            var appends = new LeaderAppend[Chance.Between(1, 4)];
            var batches = new byte[appends.Length][];
            var expected = new List<Action<LogAppendResult>>();
            for (int i = 0; i < appends.Length; i++)
            {
                batches[i] = NextBatch(expected);
                appends[i] = new LeaderAppend(batches[i]);
            }

            var results = new LogAppendResult[appends.Length];
            _world.Do(() => _world.Log.AppendAsLeader(appends, _epoch, results));
            for (int i = 0; i < appends.Length; i++)
            {
                if (results[i].IsSuccess && !results[i].IsDuplicate)
                {
                    Assert.Equal(_model.End, results[i].BaseOffset);
                    _model.Add(batches[i]);
                    Assert.Equal(_model.End - 1, results[i].LastOffset);
                }

                expected[i](results[i]);
            }
        }

        /// <summary>A batch of a producer: the next one, a retry, one too far on, or one of an old epoch.</summary>
        private byte[] NextBatch(List<Action<LogAppendResult>> expected)
        {
            int id = Chance.Below(6);
            if (id >= 3)
            {
                expected.Add(result => Assert.Equal((ErrorCode.None, false), (result.Error, result.IsDuplicate)));
                return LogModel.MakeBatch(Chance, _world.NowMs, -1, -1, -1);
            }

            if (!_producers.TryGetValue(id, out Producer? producer))
            {
                producer = new Producer();
                _producers.Add(id, producer);
            }

            int kind = Chance.Below(6);
            List<Sent> known =
                [.. producer.Sent.TakeLast(5).Where(sent => sent.Epoch == producer.Epoch && IsSurelyKnown(sent))];
            if (kind == 0 && known.Count > 0)
            {
                Sent again = known[Chance.Below(known.Count)];
                expected.Add(result =>
                {
                    // Whether it still counts as one of the last five depends on what else this call brought.
                    if (result.IsDuplicate)
                    {
                        Assert.Equal((again.BaseOffset, again.LastOffset), (result.BaseOffset, result.LastOffset));
                    }
                    else
                    {
                        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, result.Error);
                        Assert.DoesNotContain(again, producer.Sent.TakeLast(5));
                    }
                });
                return [.. again.Bytes];
            }

            if (kind == 1)
            {
                producer.Epoch++;
                producer.Sequence = 0;
            }

            return FreshBatch(id, producer, kind, expected);
        }

        /// <summary>A restart may forget what lies below the log start.</summary>
        private bool IsSurelyKnown(Sent sent) => sent.BaseOffset >= _model.Start && sent.BaseOffset < _model.End;

        private byte[] FreshBatch(int id, Producer producer, int kind, List<Action<LogAppendResult>> expected)
        {
            bool isKnown = producer.Sent.Exists(sent => sent.Epoch == producer.Epoch);
            int skip = kind == 2 && producer.Sent.Exists(sent => sent.Epoch == producer.Epoch && IsSurelyKnown(sent))
                ? 3
                : 0;
            int sequence = isKnown || kind == 1 ? producer.Sequence : 0;
            if (!isKnown && kind != 1)
            {
                // After a truncation took all of an epoch, another one starts.
                producer.Epoch++;
            }

            short epoch = producer.Epoch;
            byte[] batch = LogModel.MakeBatch(Chance, _world.NowMs, id, epoch, sequence + skip);
            byte[] original = [.. batch];
            if (skip > 0)
            {
                expected.Add(static result => Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, result.Error));
                return batch;
            }

            Assert.True(RecordBatchView.TryParse(batch, out RecordBatchView view));
            producer.Sequence = view.LastSequence + 1;
            var sent = new Sent(original, epoch);
            producer.Sent.Add(sent);
            expected.Add(result =>
            {
                Assert.Equal((ErrorCode.None, false), (result.Error, result.IsDuplicate));
                (sent.BaseOffset, sent.LastOffset) = (result.BaseOffset, result.LastOffset);
            });
            return batch;
        }
    }

    private sealed class Producer
    {
        public short Epoch { get; set; }

        public int Sequence { get; set; }

        public List<Sent> Sent { get; } = [];

        /// <summary>What was cut off was never sent: it goes on where the rest ends.</summary>
        public void Forget(long end)
        {
            Sent.RemoveAll(sent => sent.LastOffset >= end);
            if (Sent.Count > 0)
            {
                Assert.True(RecordBatchView.TryParse(Sent[^1].Bytes, out RecordBatchView last));
                (Epoch, Sequence) = (last.ProducerEpoch, last.LastSequence + 1);
            }
        }
    }

    private sealed class Sent(byte[] bytes, short epoch)
    {
        public byte[] Bytes => bytes;

        public short Epoch => epoch;

        public long BaseOffset { get; set; } = long.MaxValue;

        public long LastOffset { get; set; } = long.MaxValue;
    }
}
